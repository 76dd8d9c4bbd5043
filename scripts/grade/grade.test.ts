// npm run grade and npm run release as they are called: by a teacher, by a platform, and when they are interrupted.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { emptyFolder, tinyCourse } from '../check/tinyCourse'
import { kitRoot } from '../course'
import type { Report } from './report'

jest.setTimeout(240_000)

const course = tinyCourse({ '01-twice': {}, '02-again': {} })
const env = { ...process.env, GRADUS_COURSE: course.root, NO_COLOR: '1' }
const gradus = join(kitRoot, 'scripts', 'gradus.js')

function grade(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [gradus, 'grade', ...words], { env, encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** A submission with the first lesson solved, and the second as it was handed out. */
function half(folder = emptyFolder()): string {
  mkdirSync(join(folder, 'exercises'), { recursive: true })
  copyFileSync(course.files('01-twice').solution, join(folder, 'exercises/01-twice.ts'))
  copyFileSync(course.files('02-again').exercise, join(folder, 'exercises/02-again.ts'))
  return folder
}

const readReport = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Report

test('a report on standard output, a summary on standard error, and 0 whatever the score', () => {
  const { status, stdout, stderr } = grade(half())
  expect(status).toBe(0)
  const { score, max_score, lessons } = JSON.parse(stdout) as Report
  expect([score, max_score, lessons.map((each) => each.status)]).toEqual([2, 4, ['passed', 'not-started']])
  expect(stderr).toContain('2 of 4 points')
})

test('--require makes the score decide, and --lesson what counts', () => {
  const [folder, out] = [half(), join(emptyFolder(), 'r.json')]
  expect(grade(folder, '--require', '100%', '--out', out).status).toBe(1)
  expect(grade('--lesson', '01', folder, '--require', '100%', '--out', out).status).toBe(0)
  expect(readReport(out).lessons.map(({ lesson }) => lesson)).toEqual(['01-twice'])
})

test.each([
  ['no folder', [], 'Say which folder to grade'],
  ['no such folder', ['nowhere'], 'There is no folder nowhere.'],
  ['an unknown format', ['.', '--format', 'xml'], 'There is no format xml'],
  ['a place that is no file', [half(), '--out', emptyFolder()], 'it is a folder'],
  ['an odd percentage', [half(), '--require', 'all'], '--require takes a percentage such as 80%'],
  ['an odd shard', ['--class', '.', '--out', 'x', '--shard', '5/4'], '--shard takes a number and how many there are'],
  ['a class with nowhere to go', ['--class', '.'], 'Say where the reports of the class go'],
  ['nothing to merge', ['--merge', emptyFolder(), '--out', 'x'], 'There are no reports in'],
])('%s: one sentence, and 2', (_, words, sentence) => {
  const { status, stderr } = grade(...words)
  expect(status).toBe(2)
  expect(stderr.trim().split('\n')).toHaveLength(1)
  expect(stderr).toContain(sentence)
})

describe('a class', () => {
  const students = ['ana', 'ben', '=eve']
  const folder = emptyFolder()
  for (const student of students) half(join(folder, student))
  mkdirSync(join(folder, 'zero'))
  writeFileSync(join(folder, 'notes.txt'), '')
  const book = (path: string) => readFileSync(join(path, 'grades.csv'), 'utf8').trim().split('\n')
  const all = [
    'submission,score,max_score,01-twice,02-again',
    `'=eve,2,4,2,0`,
    'ana,2,4,2,0',
    'ben,2,4,2,0',
    'zero,0,4,0,0',
  ]

  test('killed at any moment it goes on where it was, and does nothing twice', async () => {
    const out = emptyFolder()
    const child = spawn(process.execPath, [gradus, 'grade', '--class', folder, '--out', out, '--jobs', '1'], {
      env,
      stdio: 'ignore',
    })
    await firstReport(child, join(out, 'reports'))
    child.kill('SIGKILL')
    const { stderr } = grade('--class', folder, '--out', out)
    expect(stderr).toContain('notes.txt')
    expect(stderr).toMatch(/\(unchanged\)/)
    expect(book(out)).toEqual(all)
    expect(grade('--class', folder, '--out', out).stderr.match(/\(unchanged\)/g)).toHaveLength(4)
  })

  test('four shards as separate processes, merged, are the whole class', async () => {
    const outs = [1, 2, 3, 4].map(() => emptyFolder())
    const ended = outs.map((out, k) => {
      const words = [gradus, 'grade', '--class', folder, '--out', out, '--shard', `${k + 1}/4`]
      return new Promise((resolve) => spawn(process.execPath, words, { env, stdio: 'ignore' }).once('close', resolve))
    })
    expect(await Promise.all(ended)).toEqual([0, 0, 0, 0])
    const merged = emptyFolder()
    expect(grade('--merge', ...outs, '--out', merged).status).toBe(0)
    expect(book(merged)).toEqual(all)
  })
})

/** Waits until a report stands in a folder. */
async function firstReport(child: ChildProcess, folder: string): Promise<void> {
  while (child.exitCode === null && !(existsSync(folder) && existsSync(join(folder, '=eve.json'))))
    await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('what is released', () => {
  const release = (...words: string[]) =>
    spawnSync(process.execPath, [gradus, 'release', ...words], {
      env: { ...env, GRADUS_COURSE: undefined },
      encoding: 'utf8',
    })

  test('Gradescope calls what is in its bundle, and finds its result', () => {
    const root = emptyFolder()
    const zip = join(root, 'out.zip')
    expect(release('--gradescope', zip).status).toBe(0)
    const files = unzipSync(readFileSync(zip))
    expect(Object.keys(files).filter((name) => name.includes('solutions/'))).toEqual([])
    for (const [name, bytes] of Object.entries(files)) {
      const path = join(root, 'source', name)
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, bytes)
    }
    symlinkSync(join(kitRoot, 'node_modules'), join(root, 'source/kit/node_modules'), 'junction')
    mkdirSync(join(root, 'submission'))
    copyFileSync(join(kitRoot, 'solutions/03-zero-grad.ts'), join(root, 'submission/03-zero-grad.ts'))
    if (process.platform === 'win32') return // bash is Gradescope's
    const called = spawnSync('bash', [join(root, 'source/run_autograder')], {
      env: { ...process.env, AUTOGRADER: root },
      encoding: 'utf8',
    })
    expect(called.status).toBe(0)
    const { tests } = JSON.parse(readFileSync(join(root, 'results/results.json'), 'utf8'))
    const sum = (key: string) =>
      tests.reduce((all: number, each: Record<string, number>) => all + (each[key] as number), 0)
    expect([sum('score'), sum('max_score') > 100]).toEqual([14, true])
  })

  if (process.platform !== 'win32') {
    test('Exercism and PrairieLearn call theirs', () => {
      const platform = (name: string) => join(kitRoot, 'scripts/grade/platforms', name, 'run.sh')
      const out = emptyFolder()
      expect(spawnSync('bash', [platform('exercism'), '01-twice', half(), out], { env }).status).toBe(0)
      expect(JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'))).toMatchObject({ version: 3, status: 'pass' })
      const root = emptyFolder()
      half(join(root, 'student'))
      expect(spawnSync('bash', [platform('prairielearn')], { env: { ...env, GRADE: root } }).status).toBe(0)
      expect(JSON.parse(readFileSync(join(root, 'results/results.json'), 'utf8'))).toMatchObject({
        gradable: true,
        score: 0.5,
      })
    })
  }
})
