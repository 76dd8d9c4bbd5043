// The commands as they are called: what they print, what they change, and how they end.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { replacing, tinyCourse, writeIn } from './check/tinyCourse'
import { type Course, kitRoot, openCourse } from './course'
import { textOf } from './state'

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

function start(place: Place, words: string[]) {
  return spawn(process.execPath, [join(kitRoot, 'scripts', 'gradus.js'), ...words], {
    cwd: kitRoot,
    env: environment(place),
  })
}

function gradus(place: Place, ...words: string[]): Promise<Ending> {
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

const solve = (course: Course, stem: string) =>
  writeFileSync(course.files(stem).exercise, textOf(course.files(stem).solution))
const backups = (course: Course) => {
  const folder = join(course.root, '.gradus', 'backups')
  return existsSync(folder) ? readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')) : []
}

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

describe('in Chinese', () => {
  test('list says where one stands, in columns that line up', async () => {
    const course = tinyCourse({ '01-twice': {}, '02-again': {}, '03-more': {} })
    solve(course, '01-twice')
    await gradus(course, 'test', '01')
    solve(course, '02-again')
    expect((await gradus({ course, GRADUS_LANG: 'zh_CN.UTF-8' }, 'list')).stdout.split('\n')).toEqual([
      '  ● 01-twice 2 / 2 分                     twice',
      '  ◌ 02-again 有改动：npm test -- 02       again',
      '  ◌ 03-more  未开始                       more',
      '',
    ])
  })

  test('hint counts, says when that was the last one, and when there is nothing to hint at', async () => {
    const course = tinyCourse()
    expect((await gradus(course, 'hint', '01', '--lang', 'zh')).stdout).toMatch(
      /^01-twice · 1\. twice {3}提示 1 \/ 3\n[\s\S]*再运行一次这条命令，看下一条。\n$/,
    )
    const all = await gradus(course, 'hint', '01', '--all', '--lang', 'zh')
    expect(all.stdout).toContain('这是最后一条。用 `npm run solution -- 01 --show` 可以看参考答案。')
    solve(course, '01-twice')
    expect((await gradus(course, 'hint', '01', '--lang', 'zh')).stdout).toBe(
      '01-twice 已经完成，没有需要提示的了。用 `npm run hint -- 01 twice` 仍然可以看某一题的提示。\n',
    )
  })

  test('solution refuses with the points, and names itself in a comparison', async () => {
    const course = tinyCourse()
    expect(await gradus(course, 'solution', '01', '--lang', 'zh')).toEqual({
      code: 1,
      stderr: '',
      stdout:
        '01-twice 还没有通过（0 / 2 分）。再看一条提示：npm run hint -- 01\n仍要看参考答案：npm run solution -- 01 --show\n',
    })
    const compared = await gradus(course, 'solution', '01', '--show', '--diff', '--lang', 'zh')
    expect(compared.stdout).toContain('+ 参考答案\n')
  })

  test('reset tells what it did, and where the old text is', async () => {
    const course = tinyCourse()
    const isStub = await gradus(course, 'reset', '01', '--lang', 'zh')
    expect(isStub.stdout).toBe('exercises/01-twice.ts 本来就是最初的样子，不需要重置。\n')
    writeFileSync(course.files('01-twice').exercise, 'mine\n')
    expect((await gradus(course, 'reset', '01', '--yes', '--lang', 'zh')).stdout).toMatch(
      /^exercises\/01-twice\.ts 已恢复成最初的样子。你原来的内容在 \.gradus\/backups\/01-twice\..+\.ts。\n$/,
    )
  })

  test.each<[string[], string]>([
    [['test', '33', '--lang', 'zh'], '没有 33 这一课，只有 01。是不是想找 01？'],
    [['hint', '01', 'twize', '--lang', 'zh'], '没有 twize 这一题，只有 twice。是不是想找 twice？'],
    [['list', '--lang', 'fr'], 'There is no language fr; there are en and zh.'],
  ])('a misuse is told in the language that was asked for, if there is one: %s', async (words, message) => {
    expect(await gradus(tinyCourse(), ...words)).toEqual({ code: 2, stdout: '', stderr: `${message}\n` })
  })

  test('the help of every command of a learner has no English sentence left, and that of an author’s is English', async () => {
    const place = { course: tinyCourse(), GRADUS_LANG: 'zh' }
    for (const name of ['test', 'start', 'hint', 'solution', 'reset', 'list']) {
      const { code, stdout } = await gradus(place, name, '--help')
      expect(code).toBe(0)
      expect(stdout).toMatch(/^用法： npm (run )?\w+ -- \[options\].*\n\n.*[。]\n/)
      expect(
        stdout.split('\n').filter((line) => /[a-z]+ [a-z]+ [a-z]+/.test(line) && !line.startsWith('用法')),
      ).toEqual([])
    }
    expect((await gradus(place, 'check', '--help')).stdout).toMatch(/^Usage: .*\n\nProves the kit/)
  })

  test('a command that is called wrongly says in Chinese what to do', async () => {
    const place = { course: tinyCourse(), GRADUS_LANG: 'zh' }
    expect((await gradus(place, 'reset')).stderr).toBe(
      '错误：缺少参数 lesson\n用 `npm run reset -- --help` 可以查看用法。\n',
    )
    expect((await gradus(place, 'hint', '--al')).stderr).toBe(
      '错误：没有 --al 这个选项\n（是不是想用 --all？）\n用 `npm run hint -- --help` 可以查看用法。\n',
    )
    expect((await gradus(place, 'solution', '1', '2')).stderr).toContain('参数太多。最多 1 个，却给了 2 个。')
    expect((await gradus(place, 'list', '--lang')).stderr).toContain('选项 --lang <language> 后面少了内容')
  })

  test('the questions that cannot be asked, the solutions that are not there, the backups that fail', async () => {
    const course = tinyCourse()
    const place = { course, GRADUS_LANG: 'zh' }
    writeFileSync(course.files('01-twice').exercise, 'mine\n')
    expect((await gradus(place, 'reset', '01')).stderr).toBe('这里没有终端可以询问：仍要重置，请加上 --yes。\n')
    const blocked = writeIn(course, '.gradus', 'a file where the folder should be')
    expect((await gradus(place, 'reset', '01', '--yes')).stderr).toMatch(
      /^什么也没有改动，因为无法备份 exercises\/01-twice\.ts：.+\n$/,
    )
    rmSync(blocked)
    rmSync(course.files('01-twice').solution)
    expect((await gradus(place, 'solution', '01', '--show')).stderr).toBe(
      '这个版本里没有 01-twice 的参考答案：请向老师索取。\n',
    )
    expect((await gradus(place, 'reset', '01', '--yes')).stderr).toContain('初始文件要由它生成')
    expect((await gradus(place, 'list', '--lang', 'fr')).stderr).toBe('没有 fr 这种语言，只有 en 和 zh。\n')
  })
})

test('a new lesson has the next number and passes the check at once', async () => {
  const course = tinyCourse()
  const refusals: [string, RegExp][] = [
    ['Twice', /^Twice is not a name for a lesson\. Take two digits and small letters/],
    ['01-other', /^There is a lesson 01-twice already; the next number is 02\./],
    ['07-other', /^Lessons are numbered without gaps: the next number is 02, so take 02-other\./],
  ]
  for (const [name, message] of refusals)
    expect(await gradus(course, 'new', name)).toMatchObject({ code: 2, stderr: expect.stringMatching(message) })
  const taken = writeIn(course, 'solutions/02-other.ts', 'mine\n')
  expect(await gradus(course, 'new', '02-other')).toMatchObject({
    code: 2,
    stderr: 'solutions/02-other.ts is there already; nothing was written.\n',
  })
  expect(textOf(taken)).toBe('mine\n')
  rmSync(taken)

  expect((await gradus(course, 'new', '02-other')).code).toBe(0)
  expect(openCourse(course.root).stems).toEqual(['01-twice', '02-other'])
  expect((await gradus(course, 'check', '--fix')).stdout).toBe('scripts/seal.json sealed anew\n')
  const { code, stdout } = await gradus(course, 'check', 'files', 'stubs', 'texts', 'cells')
  expect(stdout).toMatch(/\n\d+ passed, 0 failed\n$/)
  expect(code).toBe(0)
})

test('check ends with 1 and the count when something is wrong, with 2 when the part is unknown', async () => {
  const course = tinyCourse()
  writeIn(course, 'exercises/notes.txt', '')
  const { code, stdout } = await gradus(course, 'check', 'files')
  expect(code).toBe(1)
  expect(stdout).toContain('exercises/notes.txt belongs to no lesson')
  expect(stdout).toMatch(/\n5 passed, 1 failed\n$/)
  expect(await gradus(course, 'check', 'fils')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean files?'),
  })
})

test('check --fix backs up what it replaces; --translated stamps', async () => {
  const course = tinyCourse({ '01-twice': { zh: (text) => text.replace(/<!--.*-->\n/, '') } })
  writeFileSync(course.files('01-twice').exercise, 'mine\n')
  const { code, stdout } = await gradus(course, 'check', '--fix')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^exercises\/01-twice\.ts derived anew \(what was there is in \.gradus\/backups\/01-twice\..+\)\n$/,
  )
  expect(backups(course)).toEqual(['mine\n'])
  expect((await gradus(course, 'check', 'texts')).code).toBe(1)
  expect((await gradus(course, 'check', '--translated', '01')).stdout).toBe('lessons/zh/01-twice.md stamped\n')
  expect((await gradus(course, 'check', 'texts')).code).toBe(0)
  writeFileSync(course.files('01-twice').solution, '// #region todo: a\n')
  expect(await gradus(course, 'check', '--fix')).toMatchObject({
    code: 2,
    stderr: 'solutions/01-twice.ts:1: this region has no `// #endregion`.\n',
  })
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

describe('npm run book', () => {
  test('writes both languages into a new folder, says where to begin, and may be run again', async () => {
    const course = tinyCourse()
    const book = join(course.root, 'book')
    const { code, stdout } = await gradus(course, 'book', book)
    expect([code, stdout]).toEqual([0, `4 pages. Open ${join(book, 'index.html')} in a browser.\n`])
    expect(readdirSync(join(book, 'zh')).sort()).toEqual(['01-twice.html', 'index.html'])
    expect((await gradus(course, 'book', book, '--repository', 'https://example.org/kit/')).code).toBe(0)
    expect(readFileSync(join(book, '01-twice.html'), 'utf8')).toContain(
      'href="https://example.org/kit/blob/HEAD/exercises/01-twice.ts"',
    )
  })

  test('one sentence tells what is wrong: a folder of somebody else, a formula, an address, a missing folder', async () => {
    const course = tinyCourse({ '01-twice': { en: (text) => text.replace('## ', 'So $x^{2$ it is.\n\n## ') } })
    const sentences = await Promise.all([
      gradus(course, 'book', join(course.root, 'lessons')),
      gradus(course, 'book', join(course.root, 'book')),
      gradus(course, 'book', join(course.root, 'book'), '--repository', 'kit'),
      gradus(course, 'book'),
    ])
    expect(sentences.map(({ code }) => code)).toEqual([2, 2, 2, 2])
    expect(sentences[0]?.stderr).toBe(`${join(course.root, 'lessons')} holds something else. Name a new folder.\n`)
    expect(sentences[1]?.stderr).toMatch(/^lessons\/01-twice\.md: the formula x\^\{2 can't be read: .*\.\n$/)
    expect(sentences[2]?.stderr).toMatch(/^kit is not an address/)
    expect(sentences[3]?.stderr).toContain("missing required argument 'folder'")
  })
})
