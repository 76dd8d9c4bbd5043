// Stubs are what their solutions derive, and what is sealed is as the seal says; --fix makes both so and loses nothing.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Course } from '../course'
import { textOf } from '../state'
import { checkStubs, fixStubs } from './stubs'
import { replacing, tinyCourse } from './tinyCourse'

let course: Course
beforeEach(() => {
  course = tinyCourse({ '01-twice': {}, '02-again': {} })
})
const change = (path: string, edit: (text: string) => string) => writeFileSync(path, edit(textOf(path)))
const problems = () => checkStubs(course).problems.map(({ where, message }) => `${where} ${message}`)

test('a course as it was sealed has no problem', () => {
  expect(checkStubs(course)).toEqual({ checked: 4, problems: [] })
})

test('a stub that drifted from its solution is named, with the remedy', () => {
  change(course.files('02-again').exercise, (text) => `${text}// more\n`)
  expect(problems()).toEqual([
    'exercises/02-again.ts is not the stub that solutions/02-again.ts derives. Authors: `npm run check -- --fix` (what is there is backed up). Learners: `npm test` is for you.',
  ])
})

test('a solution that drifted from its stub is the same problem, and its seal is stale', () => {
  change(course.files('02-again').solution, replacing('Twice `x`', 'Two times `x`'))
  expect(problems()).toEqual([
    expect.stringContaining('exercises/02-again.ts is not the stub'),
    'solutions/02-again.ts is not as scripts/seal.json says. If you meant to change it: `npm run check -- --fix`.',
  ])
})

test('what stands between the markers is the solution alone: changing it drifts nothing', () => {
  change(course.files('02-again').solution, replacing('x.mul(2)', 'x.add(x)'))
  expect(problems()).toEqual([expect.stringContaining('solutions/02-again.ts is not as scripts/seal.json says')])
})

test('a stale seal of a suite is named', () => {
  change(course.files('01-twice').suite, (text) => `${text}// more\n`)
  expect(problems()).toEqual([
    'exercises/01-twice.test.ts is not as scripts/seal.json says. If you meant to change it: `npm run check -- --fix`.',
  ])
})

test('line ends of Windows are no drift', () => {
  for (const stem of course.stems)
    for (const file of ['exercise', 'suite', 'solution'] as const) {
      change(course.files(stem)[file], (text) => text.replaceAll('\n', '\r\n'))
    }
  expect(problems()).toEqual([])
})

test('a solution whose region has no end is named with its line', () => {
  change(course.files('01-twice').solution, replacing('  // #endregion\n', ''))
  expect(problems()[0]).toMatch(/^solutions\/01-twice\.ts:\d+ this region has no `\/\/ #endregion`\.$/)
})

test('--fix derives and seals anew, keeps what was there, and then there is nothing to do', () => {
  const { exercise, solution } = course.files('01-twice')
  const mine = `${textOf(exercise)}// an answer of mine\n`
  writeFileSync(exercise, mine)
  change(solution, replacing('return 2x', 'return 2 times x'))

  const done = fixStubs(course)
  const backup = /what was there is in (\.gradus\/backups\/01-twice\.[^)]+\.ts)/.exec(done[0] ?? '')?.[1] ?? ''
  expect(readFileSync(join(course.root, backup), 'utf8')).toBe(mine)
  expect(textOf(exercise)).toContain("throw new Error('TODO: return 2 times x')")
  expect(done[1]).toBe('scripts/seal.json sealed anew')
  expect(problems()).toEqual([])
  expect(fixStubs(course)).toEqual([])
})
