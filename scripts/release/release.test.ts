// The student edition as a student has it: what is in the folder, what its commands do there, and what becomes of what is handed in.
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkLinks } from '../check/texts'
import { emptyFolder } from '../check/tinyCourse'
import { type Course, kitRoot, openCourse } from '../course'
import { readLesson } from '../lessonText'
import { textOf } from '../state'
import { documentFor } from './document'
import { studentEdition } from './files'

jest.setTimeout(240_000)

const folder = join(emptyFolder(), 'kit')
const { GRADUS_COURSE: _, ...bare } = process.env
const env = { ...bare, NO_COLOR: '1', GRADUS_LANG: 'en', CI: '' }
const run = (root: string, ...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/gradus.js'), ...words], {
    cwd: root,
    env,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

let edition: Course
beforeAll(() => {
  const written = run(kitRoot, 'release', folder)
  expect(written).toMatchObject({ status: 0, stderr: '' })
  symlinkSync(join(kitRoot, 'node_modules'), join(folder, 'node_modules'), 'junction')
  edition = openCourse(folder)
})

const exercise = () => edition.files('01-requires-grad').exercise
const solve = () => copyFileSync(openCourse(kitRoot).files('01-requires-grad').solution, exercise())
const putBack = () => copyFileSync(edition.files('01-requires-grad').stub, exercise())

test('it is not written over anything', () => {
  expect(run(kitRoot, 'release', folder)).toMatchObject({ status: 2, stderr: expect.stringContaining('is not empty') })
})

test('nothing in it gives an answer away, and nobody else’s tests are in it', () => {
  const paths = [...studentEdition(openCourse(kitRoot)).keys()]
  expect(paths.filter((path) => /solutions|mistakes|recordings|scripts\/(grade|check|release)/.test(path))).toEqual([])
  const suites = edition.stems.map((stem) => `exercises/${stem}.test.ts`)
  expect(paths.filter((path) => path.endsWith('.test.ts'))).toEqual(suites)
})

test('its documents lead nowhere that is not there, and name no command that it lacks', () => {
  const documents = [...studentEdition(openCourse(kitRoot)).keys()].filter((path) => path.endsWith('.md'))
  expect(documents).toContain('engine/README.md')
  const { scripts } = JSON.parse(textOf(join(folder, 'package.json'))) as { scripts: Record<string, string> }
  for (const path of documents) {
    const text = textOf(join(folder, path))
    expect(checkLinks(edition, join(folder, path), readLesson(text))).toEqual([])
    const verbs = [...text.matchAll(/npm run (\w+)/g)].map(([, verb = '']) => verb)
    expect(verbs.filter((verb) => !(verb in scripts))).toEqual([])
  }
  for (const readme of ['README.md', 'README.zh.md'])
    expect(textOf(join(folder, readme))).not.toMatch(/whole kit|\n\n\n/)
})

test('a document loses what is marked, lines of commands that are missing, and links to what is missing', () => {
  const text = [
    'See [a](a.md), [b](b.md#x), [c](folder/), [d](https://example.org).<!-- whole kit --> Secret.<!-- /whole kit -->',
    '',
    '<!-- whole kit -->',
    'Secret.',
    '<!-- /whole kit -->',
    '',
    '| `npm run list` | this |',
    '| `npm run check -- 01` | secret |',
  ].join('\n')
  expect(documentFor(text, 'docs/README.md', { paths: ['docs/b.md', 'docs/folder/e.ts'], verbs: ['list'] })).toBe(
    'See a, [b](b.md#x), [c](folder/), [d](https://example.org).\n\n| `npm run list` | this |',
  )
})

test('a student begins at zero, is told where they stand, and gets every hint', () => {
  expect(run(folder, 'list').stdout).toMatch(/◌ 01-requires-grad +not started/)
  expect(run(folder, 'test', '01').stdout).toContain('0 of 13 points')
  expect(run(folder, 'hint', '01', '--all').stdout).toMatch(/That was the last one\.\n$/)
})

test('a solution is refused in one sentence, and nobody is sent to look for it', () => {
  solve()
  const { status, stdout } = run(folder, 'test', '01')
  expect([status, /This lesson is done/.test(stdout), /npm run solution/.test(stdout)]).toEqual([0, true, false])
  expect(run(folder, 'solution', '01')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'The solution of 01-requires-grad is not in this edition of the kit: ask your teacher for it.\n',
  })
  putBack()
})

test('reset brings the stub back, and keeps what was there', () => {
  const stub = textOf(exercise())
  writeFileSync(exercise(), 'mine\n')
  expect(run(folder, 'reset', '01', '--yes').stdout).toMatch(
    /is the stub again\. What you had is in \.gradus\/backups\//,
  )
  expect(textOf(exercise())).toBe(stub)
  rmSync(exercise())
  expect(run(folder, 'reset', '01').status).toBe(0)
  expect(textOf(exercise())).toBe(stub)
  expect(run(folder, 'reset', '01').stdout).toContain('is the stub already')
})

test('the workshop grades what is saved, shows the lesson, and offers no solution', async () => {
  const workshop = spawn(process.execPath, [join(folder, 'scripts/gradus.js'), 'start', '--no-open'], {
    cwd: folder,
    env,
  })
  let printed = ''
  for (const stream of [workshop.stdout, workshop.stderr])
    stream.on('data', (data) => {
      printed += data
    })
  const closed = new Promise((resolve) => workshop.once('close', resolve))
  const until = async (pattern: RegExp) => {
    for (const end = Date.now() + 90_000; !pattern.test(printed); await sleep(20))
      if (Date.now() > end) throw new Error(`${pattern} was not printed:\n${printed}`)
    return pattern.exec(printed)?.[0] ?? ''
  }
  try {
    await until(/01-requires-grad: 0 of 13 points/)
    solve()
    await until(/01-requires-grad: 13 of 13 points/)
    const address = await until(/http:\/\/127\.0\.0\.1:\d+\//)
    const page = await (await fetch(`${address}01-requires-grad.html`)).text()
    const here = (words: string) => page.includes(words)
    expect(['data-task="makeX" data-state="passed"', 'class="solution"', 'gradus-solution'].map(here)).toEqual([
      true,
      false,
      false,
    ])
  } finally {
    workshop.kill('SIGTERM')
    await closed
    putBack()
  }
})

test('what is handed in from it is graded by the teacher’s kit', () => {
  solve()
  const handedIn = emptyFolder()
  cpSync(join(folder, 'exercises'), join(handedIn, 'exercises'), { recursive: true })
  putBack()
  const { status, stdout } = run(kitRoot, 'grade', handedIn, '--lesson', '01', '--lesson', '02')
  expect(status).toBe(0)
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({ score: 13, ignored: [] })
  expect(report.lessons.map((each: { status: string }) => each.status)).toEqual(['passed', 'not-started'])
  expect(existsSync(join(folder, 'scripts/grade'))).toBe(false)
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).not.toContain('gradus.js grade')
})
