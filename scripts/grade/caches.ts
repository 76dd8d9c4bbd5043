// What was compiled to grade with, a folder for each state of the kit, and the end of those that nobody grades with any more.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { unwritable } from '../write'

/** The latest are kept, and those that a grading may be using still. */
const keptFolders = 4
const keptMs = 24 * 3600 * 1000

/** Opens a folder among its like: it is there, and was used just now. Making a new one removes old ones. */
export function openCache(folder: string): void {
  const now = new Date()
  if (existsSync(folder)) {
    try {
      utimesSync(folder, now, now)
    } catch {} // of a kit that may only be read
    return
  }
  try {
    mkdirSync(folder, { recursive: true })
    removeOld(dirname(folder), now)
  } catch (error) {
    throw unwritable(folder, error)
  }
}

function removeOld(folder: string, now: Date): void {
  const known = readdirSync(folder).map((name) => {
    const path = join(folder, name)
    return { path, used: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }
  })
  const old = known.sort((a, b) => b.used - a.used).slice(keptFolders)
  for (const { path, used } of old) if (now.getTime() - used > keptMs) rmSync(path, { recursive: true, force: true })
}
