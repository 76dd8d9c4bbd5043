// The folders of what was compiled: never more than a few, except those that were used today.
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder } from '../check/tinyCourse'
import { openCache } from './caches'

const hour = 3600 * 1000

/** A folder with something in it, last used so many hours ago. */
function used(folder: string, name: string, hours: number): void {
  mkdirSync(join(folder, name, 'cache'), { recursive: true })
  writeFileSync(join(folder, name, 'cache', 'compiled.js'), '')
  const then = new Date(Date.now() - hours * hour)
  utimesSync(join(folder, name), then, then)
}

test('a new one removes those that are old, and not among the latest', () => {
  const folder = emptyFolder()
  for (const [name, hours] of Object.entries({ a: 25, b: 26, c: 30, d: 500, e: 1000 })) used(folder, name, hours)
  openCache(join(folder, 'new'))
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'c', 'new'])
})

test('what was used today may be in use: it stays, however many there are', () => {
  const folder = emptyFolder()
  for (let n = 0; n < 9; n++) used(folder, `today-${n}`, n)
  used(folder, 'yesterday', 25)
  openCache(join(folder, 'new'))
  expect(readdirSync(folder)).toHaveLength(10)
  expect(readdirSync(folder)).not.toContain('yesterday')
})

test('using one keeps it young', () => {
  const folder = emptyFolder()
  for (let n = 0; n < 6; n++) used(folder, `old-${n}`, 100 + n)
  openCache(join(folder, 'old-5'))
  expect(readdirSync(folder)).toHaveLength(6)
  openCache(join(folder, 'new'))
  expect(readdirSync(folder).sort()).toEqual(['new', 'old-0', 'old-1', 'old-5'])
})

test('where none can be made, one sentence says so', () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'file'), '')
  expect(() => openCache(join(folder, 'file', 'new'))).toThrow('could not be written: a part of its path is a file.')
})
