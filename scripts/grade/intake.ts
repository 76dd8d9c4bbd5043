// What of a submission is read: the exercises of known lessons, if they are plain files of a sane size. Nothing else is opened, or believed.
import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { type Course, Misuse } from '../course'
import { plainText } from '../runner/outcome'

/** The file of one lesson: its text, or why it was not accepted. */
export type Handed = { text: string } | { rejected: string }

export interface Submission {
  /** As the user typed it. */
  path: string
  /** By stem; a lesson that isn't here was not handed in. */
  files: Map<string, Handed>
  /** What stands in the folder and was not read. */
  ignored: string[]
}

const sizeLimit = 256 * 1024
/** More entries than any honest folder has. */
const entryLimit = 2000
const ignoredLimit = 100

/** Reads a folder with `exercises/NN-name.ts`, or with the exercises themselves. */
export function readSubmission(course: Course, path: string): Submission {
  const root = resolve(path)
  const entries = folderEntries(root)
  if (!entries) throw new Misuse(`There is no folder ${path}.`)
  if (entries.length === 0) throw new Misuse(`${path} is empty: there is nothing to grade in it.`)
  const inner = entries.includes('exercises') ? (folderEntries(join(root, 'exercises')) ?? []) : []
  const submission: Submission = { path, files: new Map(), ignored: [] }
  const found = new Map<string, string[]>()
  for (const name of [...entries.filter((each) => each !== 'exercises'), ...inner.map((each) => `exercises/${each}`)]) {
    const stem = course.stems.find((each) => `${each}.ts` === basename(name))
    if (stem) found.set(stem, [...(found.get(stem) ?? []), name])
    else if (!isOurs(course, name)) submission.ignored.push(plainText(name, 200))
  }
  if (entries.includes('exercises') && !folderEntries(join(root, 'exercises'))) submission.ignored.push('exercises')
  for (const [stem, names] of found) submission.files.set(stem, handedIn(root, names))
  submission.ignored = shortened(submission.ignored)
  return submission
}

/** Names in a folder that is one, and no link to one; undefined if it isn't. */
function folderEntries(path: string): string[] | undefined {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return undefined
  const names: string[] = []
  const folder = opendirSync(path)
  try {
    for (let entry = folder.readSync(); entry && names.length < entryLimit; entry = folder.readSync())
      names.push(entry.name)
  } finally {
    folder.closeSync()
  }
  return names.sort()
}

/** The kit's own suites are often handed in along with the exercises; they are not read, and not worth a word. */
function isOurs(course: Course, name: string): boolean {
  return name.startsWith('exercises/') && course.stems.some((stem) => `exercises/${stem}.test.ts` === name)
}

function shortened(names: string[]): string[] {
  const more = names.length - ignoredLimit
  return more > 0 ? [...names.slice(0, ignoredLimit), `… and ${more} more`] : names
}

function handedIn(root: string, names: string[]): Handed {
  const [name = '', other] = names
  if (other !== undefined)
    return { rejected: `There are two files for this lesson, ${name} and ${other}: hand in one.` }
  try {
    return readPlainFile(join(root, ...name.split('/')), name)
  } catch (error) {
    return { rejected: `${name} could not be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).` }
  }
}

/** Opened without following a link and without waiting for a pipe; what was opened is what is looked at. */
function readPlainFile(path: string, name: string): Handed {
  const { isLink, isFile } = kindOf(path)
  if (isLink) return { rejected: `${name} is a link, and not a file: hand in the file itself.` }
  if (!isFile) return { rejected: `${name} is not a plain file.` }
  const file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
  try {
    const { size, nlink, ...stat } = statOf(file)
    if (!stat.isFile) return { rejected: `${name} is not a plain file.` }
    if (nlink !== 1) return { rejected: `${name} is one of several names of one file: hand in a copy.` }
    if (size > sizeLimit)
      return { rejected: `${name} has ${Math.ceil(size / 1024)} KiB; at most ${sizeLimit / 1024} KiB are read.` }
    const bytes = Buffer.alloc(sizeLimit)
    const length = readSync(file, bytes, 0, sizeLimit, 0)
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length)) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error
    return { rejected: `${name} is not UTF-8 text: save it with that encoding.` }
  } finally {
    closeSync(file)
  }
}

function kindOf(path: string): { isLink: boolean; isFile: boolean } {
  const stat = lstatSync(path)
  return { isLink: stat.isSymbolicLink(), isFile: stat.isFile() }
}

function statOf(file: number): { size: number; nlink: number; isFile: boolean } {
  const stat = fstatSync(file)
  return { size: stat.size, nlink: stat.nlink, isFile: stat.isFile() }
}
