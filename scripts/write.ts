// Writes a file whole or not at all: whoever reads it sees the report before or the report after, never half of one.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Misuse } from './course'

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'that place is read-only',
  ENOENT: 'there is no such place',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
}

export function writeWhole(path: string, text: string | Uint8Array): void {
  const draft = `${path}.${process.pid}.part`
  try {
    makeFolder(dirname(path))
    const file = openSync(draft, 'w')
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(draft, path)
  } catch (error) {
    if (existsSync(draft)) rmSync(draft)
    throw unwritable(path, error)
  }
}

/** What is told of something that could not be written: why, in a sentence. */
export function unwritable(what: string, error: unknown): Misuse {
  const { code = '', message } = error as NodeJS.ErrnoException
  return new Misuse(`${what} could not be written: ${reasons[code] ?? message}.`)
}

export function isDiskFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException | undefined)?.code ?? '')
}

/** Made one by one: where a folder can be neither found nor made, Node's own recursion may never end. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeFolder(dirname(path))
  if (!existsSync(path)) mkdirSync(path)
}
