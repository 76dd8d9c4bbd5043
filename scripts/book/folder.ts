// The folder that a book is written into: what an earlier book left there is replaced, anything else is left alone.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { version } from '../../package.json'
import { Misuse } from '../course'
import type { Asset } from '../page'

/** What an earlier run wrote: those files, and no others, may be replaced. */
const listFile = 'assets/book.json'

/**
 * The files in the folder that an earlier run wrote.
 * @throws Misuse if it is no folder, or holds something that is no book
 */
export function filesOfBook(out: string): string[] {
  if (!existsSync(out)) return []
  if (!statSync(out).isDirectory()) throw new Misuse(`${out} is a file. Name a new folder.`)
  if (readdirSync(out).length === 0) return []
  try {
    const { files } = JSON.parse(readFileSync(join(out, listFile), 'utf8')) as { files: string[] }
    return [...files, listFile].filter((name) => resolve(out, name).startsWith(resolve(out) + sep))
  } catch {
    throw new Misuse(`${out} holds something else. Name a new folder.`)
  }
}

/** @throws Misuse if something can't be written */
export function writeBook(out: string, files: ReadonlyMap<string, Asset>): void {
  const before = filesOfBook(out)
  const list = `${JSON.stringify({ kit: `gradus ${version}`, files: [...files.keys()] }, null, 1)}\n`
  try {
    for (const name of before) if (!files.has(name)) rmSync(join(out, name), { force: true })
    for (const [name, content] of [...files, [listFile, list] as const]) {
      mkdirSync(dirname(join(out, name)), { recursive: true })
      writeFileSync(join(out, name), content)
    }
  } catch (error) {
    throw new Misuse(`The book could not be written: ${(error as Error).message}`)
  }
}
