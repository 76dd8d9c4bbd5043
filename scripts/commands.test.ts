// The commands as they are called: what they print, what they change, and how they end.
import { rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backups, gradus, solve, start } from './check/commandLine'
import { replacing, tinyCourse, writeIn } from './check/tinyCourse'
import { textOf } from './state'

jest.setTimeout(180_000)

describe('npm test', () => {
  const course = () => tinyCourse({ '01-twice': {}, '02-again': {} })

  test('a fresh clone scores 0 kindly, in plain text, and ends with 1', async () => {
    const { code, stdout, stderr } = await gradus(course(), 'test')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain('0 of 4 points')
    expect(stdout).toContain('That is the starting line')
    expect(stdout).toContain('Begin with')
    expect(stdout).not.toContain('\u001b')
  })

  test('the solutions have full points and end with 0; one lesson can be graded alone; list tells of both', async () => {
    const solved = course()
    const stub = textOf(solved.files('02-again').exercise)
    for (const stem of solved.stems) solve(solved, stem)
    expect((await gradus(solved, 'list')).stdout).toMatch(/01-twice .*changed: npm test -- 01/)
    const all = await gradus(solved, 'test')
    expect({ code: all.code, stderr: all.stderr }).toEqual({ code: 0, stderr: '' })
    expect(all.stdout).toContain('4 of 4 points')
    writeFileSync(solved.files('02-again').exercise, stub)
    const one = await gradus(solved, 'test', 'again')
    expect(one.code).toBe(1)
    expect(one.stdout).toContain('0 of 2 points')
    expect((await gradus(solved, 'list')).stdout).toMatch(/● 01-twice .*2 of 2 points.*\n.*02-again .*not started/)
  })

  test('--json is the report and nothing else; what was edited or spoilt is said in it, and the grading goes on', async () => {
    const wrong = course()
    const { exercise, solution } = wrong.files('01-twice')
    writeFileSync(exercise, replacing('x.mul(2)', 'x.mul(x) as number')(textOf(solution)))
    writeFileSync(solution, '')
    writeIn(wrong, 'scripts/seal.json', '{')
    writeIn(wrong, '.gradus/verified.json', '{"01-twice": 3}')
    const { code, stdout, stderr } = await gradus(wrong, 'test', '--json')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ version: 1, score: 0, max_score: 4, edited: ['scripts/seal.json'] })
    expect(report.lessons[0].tests[1].cause).toMatchObject({
      kind: 'wrong',
      why: 'This is x times x; twice x was asked for.',
    })
    expect(report.type_problems).toMatchObject([
      { file: 'exercises/01-twice.ts', line: 7, message: expect.stringContaining("Type 'number' is not assignable") },
      { file: 'exercises/01-twice.ts', line: 7, message: expect.stringContaining("'Tensor' to type 'number' may be") },
    ])
  })

  test.each<[string[], string]>([
    [['33'], 'There is no lesson 33; there are 01 to 02. Did you mean'],
    [['--jsn'], 'Did you mean --json?'],
  ])('a misuse ends with 2 and the way out: %s', async (words, message) => {
    const { code, stdout, stderr } = await gradus(course(), 'test', ...words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
  })
})

test('hints come one after the other; all of them, by number or name, on request', async () => {
  const course = tinyCourse()
  const first = await gradus(course, 'hint', '01')
  expect(first.code).toBe(0)
  expect(first.stdout).toContain('01-twice · 1. twice   hint 1 of 3')
  expect(first.stdout).not.toContain('Which idea')
  expect((await gradus(course, 'hint')).stdout).toMatch(/hint 2 of 3[\s\S]*Which idea/)
  const last = await gradus(course, 'hint', '01', 'twice')
  expect(last.stdout).toMatch(/hint 3 of 3[\s\S]*Which call: `x\.mul\(…\)`/)
  expect(last.stdout).toContain('That was the last one. `npm run solution -- 01 --show`')
  expect((await gradus(course, 'hint', '01', '1')).stdout).toContain('hint 3 of 3')
  writeIn(course, '.gradus/hints.json', '{"01-twice twice": "many"}')
  expect((await gradus(course, 'hint', '01', '--lang', 'zh')).stdout).toMatch(/提示 1 \/ 3[\s\S]*看课文的哪一处/)
  expect((await gradus(course, 'hint', '01', '--all')).stdout).toMatch(/hint 3 of 3[\s\S]*1\. [\s\S]*3\. /)
  const unknown = await gradus(course, 'hint', '01', 'twize')
  expect(unknown).toMatchObject({ code: 2, stderr: 'There is no task twize; there are twice. Did you mean twice?\n' })
})

test('the solution is shown after passing or on request, without the markers; --diff compares', async () => {
  const course = tinyCourse()
  const refused = await gradus(course, 'solution', '01')
  expect(refused.code).toBe(1)
  expect(refused.stdout).toContain('01-twice is not passed yet (0 of 2 points).')
  expect(refused.stdout).not.toContain('x.mul(2)')
  const shown = await gradus(course, 'solution', '01', '--show')
  expect(shown.code).toBe(0)
  expect(shown.stdout).toContain('  return x.mul(2)\n')
  expect(shown.stdout).not.toContain('#')
  writeFileSync(
    course.files('01-twice').exercise,
    replacing('x.mul(2)', 'x.add(x)')(textOf(course.files('01-twice').solution)),
  )
  const compared = await gradus(course, 'solution', '01', '--diff')
  expect(compared.code).toBe(0)
  expect(compared.stdout).toMatch(/-.*x\.add\(x\)[\s\S]*\+.*x\.mul\(2\)/)
  expect(compared.stdout).not.toContain('\u001b')
  rmSync(course.files('01-twice').solution)
  expect(await gradus(course, 'solution', '01', '--show')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not in this edition of the kit'),
  })
})

test('reset does nothing without a yes, keeps what was there, and brings a missing file back', async () => {
  const course = tinyCourse()
  const { exercise } = course.files('01-twice')
  const stub = textOf(exercise)
  expect(await gradus(course, 'reset', '01')).toMatchObject({
    code: 0,
    stdout: 'exercises/01-twice.ts is the stub already: there is nothing to reset.\n',
  })
  writeFileSync(exercise, '\uFEFFmine\r\n')
  expect(await gradus(course, 'reset', '01')).toMatchObject({
    code: 2,
    stderr: 'There is no terminal to ask on: add --yes to reset all the same.\n',
  })
  expect(textOf(exercise)).toBe('\uFEFFmine\r\n')
  const reset = await gradus(course, 'reset', 'twice', '--yes')
  expect(reset.code).toBe(0)
  expect(reset.stdout).toMatch(
    /^exercises\/01-twice\.ts is the stub again\. What you had is in \.gradus\/backups\/01-twice\..+\.ts\.\n$/,
  )
  expect(textOf(exercise)).toBe(stub)
  expect(backups(course)).toEqual(['\uFEFFmine\r\n'])
  rmSync(exercise)
  expect(await gradus(course, 'reset', '01')).toMatchObject({
    code: 0,
    stdout: 'exercises/01-twice.ts is the stub again.\n',
  })
  expect(textOf(exercise)).toBe(stub)
})

test('reset that cannot keep what was there changes nothing', async () => {
  const course = tinyCourse()
  writeFileSync(course.files('01-twice').exercise, 'mine\n')
  writeIn(course, '.gradus', 'a file where the folder should be')
  const { code, stderr } = await gradus(course, 'reset', '01', '-y')
  expect(code).toBe(2)
  expect(stderr).toMatch(/^Nothing was changed, for exercises\/01-twice\.ts could not be backed up: .*\n$/)
  expect(textOf(course.files('01-twice').exercise)).toBe('mine\n')
})

test('colours are on where they are asked for, and NO_COLOR has the last word', async () => {
  const course = tinyCourse()
  expect((await gradus({ course, FORCE_COLOR: '1' }, 'list')).stdout).toContain('\u001b[')
  expect((await gradus({ course, FORCE_COLOR: '1', NO_COLOR: '1' }, 'list')).stdout).not.toContain('\u001b')
})

test('an unknown command is refused with the nearest right one', async () => {
  expect(await gradus(tinyCourse(), 'tset')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^There is no command tset\. Did you mean test\?\n$/),
  })
})

// Windows ends a process without telling it, so there is nothing to test; a skipped test would count as a problem.
const testSignals: (name: string, run: () => Promise<void>) => void = process.platform === 'win32' ? () => {} : test

testSignals('Ctrl-C ends the grading and leaves no process behind', async () => {
  const course = tinyCourse()
  const marker = join(course.root, 'pid')
  writeFileSync(
    course.files('01-twice').exercise,
    `require('node:fs').writeFileSync(${JSON.stringify(marker)}, String(process.pid))\nfor (;;) {}\nexport {}\n`,
  )
  const child = start(course, ['test', '01'])
  const looping = new Promise<number>((resolve) => {
    const watcher = watch(course.root, () => {
      const pid = Number(textOf(marker))
      if (pid === 0) return
      watcher.close()
      resolve(pid)
    })
  })
  const pid = await looping
  const closed = new Promise((resolve) => child.on('close', resolve))
  child.kill('SIGINT')
  expect(await closed).toBe(130)
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10))
})

/** A process that has ended but that nobody has asked about yet is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !/^\d+ \(.*\) Z/.test(textOf(`/proc/${pid}/stat`))
}
