// The watcher on a real folder: one event for each way in which editors write, and none that is missed.
import { mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tinyCourse } from '../check/tinyCourse'
import { textOf } from '../state'
import { ExerciseWatcher } from './watch'

const course = tinyCourse()
const { exercise } = course.files('01-twice')
let watcher: ExerciseWatcher
/** The text of the exercise at each event. */
let seen: string[] = []
let folder: boolean[] = []

jest.setTimeout(60_000)
beforeAll(async () => {
  watcher = new ExerciseWatcher(course)
  watcher.on('saved', () => seen.push(textOf(exercise)))
  watcher.on('folder', (there) => folder.push(there))
  await watcher.ready
})
beforeEach(async () => {
  await sleep(250)
  seen = []
  folder = []
})
afterAll(() => watcher.close())

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !condition(); await sleep(5))
    if (Date.now() > end) throw new Error(`not within 30 s; seen: ${JSON.stringify(seen)}, folder: ${folder}`)
}

test('a save is told once', async () => {
  writeFileSync(exercise, 'one\n')
  await until(() => seen.length > 0)
  await sleep(250)
  expect(seen).toEqual(['one\n'])
})

test('an editor that truncates first and writes later is read when it has written', async () => {
  truncateSync(exercise, 0)
  await sleep(30)
  writeFileSync(exercise, 'two\n')
  await until(() => seen.length > 0)
  expect(seen).toEqual(['two\n'])
})

test('an editor that writes beside and renames is seen', async () => {
  writeFileSync(`${exercise}~`, 'three\n')
  renameSync(`${exercise}~`, exercise)
  await until(() => seen.at(-1) === 'three\n')
})

test('a file that stays empty is told all the same', async () => {
  writeFileSync(exercise, '')
  await until(() => seen.length > 0)
  expect(seen).toEqual([''])
})

test('of a thousand saves in a row the last one is told, and not all of them', async () => {
  for (let i = 0; i < 1000; i++) {
    writeFileSync(exercise, `save ${i}\n`)
    if (i % 10 === 0) await sleep(1)
  }
  await until(() => seen.at(-1) === 'save 999\n')
  expect(seen.length).toBeLessThan(500)
})

test('the folder may go and come back', async () => {
  rmSync(dirname(exercise), { recursive: true })
  await until(() => folder.includes(false))
  mkdirSync(dirname(exercise))
  await until(() => folder.includes(true))
  writeFileSync(exercise, 'back\n')
  await until(() => seen.at(-1) === 'back\n')
  await sleep(250)
  writeFileSync(exercise, 'and saved again\n')
  await until(() => seen.at(-1) === 'and saved again\n')
})

test('where nothing is reported, polling sees it', async () => {
  const polling = new ExerciseWatcher(course, true)
  const told: string[] = []
  polling.on('saved', () => told.push(textOf(exercise)))
  await polling.ready
  writeFileSync(exercise, 'on a network drive\n')
  await until(() => told.includes('on a network drive\n'))
  await polling.close()
})
