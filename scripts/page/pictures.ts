// Pictures of lessons, carried by the page itself: it works wherever it is put, and nobody has to copy them beside it.
import { readFileSync } from 'node:fs'
import { dirname, extname, resolve, sep } from 'node:path'
import { Misuse } from '../course'

const types: Record<string, string> = {
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
}

/**
 * A picture that the lesson at `lesson` names, as a data address. Only files of the course's `root` are read.
 * @throws Misuse if there is no such picture
 */
export function pictureData(root: string, lesson: string, target: string): string {
  const path = resolve(dirname(lesson), decodeURI(target))
  const type = types[extname(path).toLowerCase()]
  if (type === undefined || !path.startsWith(resolve(root) + sep))
    throw new Misuse(
      `the picture ${target} can't be shown: pictures are ${Object.keys(types).join(', ')} files of the kit`,
    )
  try {
    return `data:${type};base64,${readFileSync(path).toString('base64')}`
  } catch {
    throw new Misuse(`the picture ${target} is not there`)
  }
}
