// What a page loads, one by one, for a server: each is made when it is first asked for.
import { type Course, languages } from '../course'
import { type Asset, pageAssets } from './assets'
import { searchFile, searchScript } from './searchTexts'

/** What stands at assets/NAME; undefined if there is no such thing. The texts of the search are those of the lessons as they are now. */
export async function pageAsset(course: Course, name: string): Promise<Asset | undefined> {
  const language = languages.find((each) => searchFile(each) === name)
  return language ? searchScript(course, language) : (await pageAssets()).get(name)
}
