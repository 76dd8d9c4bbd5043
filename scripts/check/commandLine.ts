// The kit's commands as tests call them: each in a process of its own, on a course of the test's own.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Course, kitRoot } from '../course'
import { textOf } from '../state'

interface Ending {
  code: number | null
  stdout: string
  stderr: string
}

/** A course, and what is set in the environment besides. */
type Place = Course | { course: Course; FORCE_COLOR?: string; NO_COLOR?: string; GRADUS_LANG?: string }

function environment(place: Place): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env
  const { course, ...more } = 'course' in place ? place : { course: place }
  return { ...rest, GRADUS_COURSE: course.root, GRADUS_LANG: 'en', ...more }
}

export function start(place: Place, words: string[]) {
  return spawn(process.execPath, [join(kitRoot, 'scripts', 'gradus.js'), ...words], {
    cwd: kitRoot,
    env: environment(place),
  })
}

export function gradus(place: Place, ...words: string[]): Promise<Ending> {
  const child = start(place, words)
  child.stdin.end()
  const ending: Ending = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (data) => {
    ending.stdout += data
  })
  child.stderr.on('data', (data) => {
    ending.stderr += data
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ending, code }))
  })
}

export const solve = (course: Course, stem: string) =>
  writeFileSync(course.files(stem).exercise, textOf(course.files(stem).solution))
export const backups = (course: Course) => {
  const folder = join(course.root, '.gradus', 'backups')
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : []
}
