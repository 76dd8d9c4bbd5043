// A disk that is full: one sentence says so, what was there before is still there, and with room again the same command goes on. The disk is a real one
// of a few pages, mounted where only the command sees it.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyFolder, tinyCourse } from '../check/tinyCourse'
import { kitRoot, Misuse } from '../course'
import { textOf } from '../state'
import { writeWhole } from '../write'
import { prepare } from './declared'
import type { Report } from './report'

jest.setTimeout(240_000)

const course = tinyCourse({ '01-twice': {}, '02-again': {} })
const disk = emptyFolder()
const results = emptyFolder()
const gradus = `"${process.execPath}" "${join(kitRoot, 'scripts/gradus.js')}"`

/** Runs a script for the shell where `disk` has so many pages of memory; undefined where none can be mounted. */
function withDisk(pages: number, script: string) {
  const mount = `mount -t tmpfs -o size=$((${pages} * $(getconf PAGESIZE))) none "${disk}" || exit 99`
  const env = { ...process.env, GRADUS_COURSE: course.root, NO_COLOR: '1' }
  const ways = [
    ['--mount'],
    ['--map-root-user', '--mount'], // whoever is not root may be it in a namespace of their own
  ]
  for (const way of ways) {
    const { status, stdout, stderr } = spawnSync('unshare', [...way, 'sh', '-c', `${mount}\n${script}`], {
      env,
      encoding: 'utf8',
    })
    if (status !== null && status !== 99 && !/^unshare: /.test(stderr)) return { status, stdout, stderr }
  }
  return undefined
}

const solved = (folder: string) => {
  mkdirSync(folder, { recursive: true })
  copyFileSync(course.files('01-twice').solution, join(folder, '01-twice.ts'))
  return folder
}
const lastLine = (text = '') => text.trim().split('\n').at(-1)
const reportsIn = (folder: string) =>
  readdirSync(join(folder, 'reports')).map((name) => {
    const { score } = JSON.parse(readFileSync(join(folder, 'reports', name), 'utf8')) as Report
    return `${name} ${score}`
  })

test('a file is written whole or not at all, and nothing is left beside it', () => {
  const folder = emptyFolder()
  const path = join(folder, 'r.json')
  writeWhole(path, 'before')
  if (existsSync('/dev/full')) {
    symlinkSync('/dev/full', `${path}.${process.pid}.part`) // where the draft goes, there is no room
    expect(() => writeWhole(path, 'after')).toThrow(new Misuse(`${path} could not be written: the disk is full.`))
  }
  expect(() => writeWhole(join(path, 'x'), 'after')).toThrow(
    'r.json/x could not be written: a part of its path is a file.',
  )
  expect(() => writeWhole(folder, 'after')).toThrow('it is a folder')
  expect([readdirSync(folder), textOf(path)]).toEqual([['r.json'], 'before'])
})

if (withDisk(2, 'true') === undefined) {
  test('no small disk can be mounted here, so that the commands are not tried on a full one', () => {
    expect(spawnSync('unshare', ['--map-root-user', '--mount', 'true']).status).not.toBe(0)
  })
} else {
  beforeAll(() => prepare(course))

  test('a class stops with one sentence, keeps what was graded, and goes on when there is room', () => {
    const students = ['ana', 'ben', 'cyd', 'dov']
    const folder = emptyFolder()
    for (const student of students) solved(join(folder, student))
    const [full, after] = [join(results, 'full'), join(results, 'after')]
    const grade = `${gradus} grade --class "${folder}" --out "${disk}" --jobs 2`
    const ran = withDisk(
      2,
      `${grade}; echo "code $?"; cp -r "${disk}" "${full}"
       mount -o remount,size=10m "${disk}"
       ${grade} >&2; echo "code $?"; cp -r "${disk}" "${after}"`,
    )
    expect(ran?.stdout).toBe('code 2\ncode 0\n')
    const [first = '', second = ''] = ran?.stderr.split(/(?<=could not be written: the disk is full\.\n)/) ?? []
    expect(lastLine(first)).toMatch(/^\S+\.json could not be written: the disk is full\.$/)
    expect(first).not.toMatch(/^ +at /m)
    expect(reportsIn(full)).toHaveLength(2)
    expect(reportsIn(full).filter((report) => !/^\w+\.json 2$/.test(report))).toEqual([])
    expect(second.match(/\(unchanged\)/g)).toHaveLength(2)
    expect(reportsIn(after)).toEqual(students.map((student) => `${student}.json 2`))
    expect(readFileSync(join(after, 'grades.csv'), 'utf8').trim().split('\n')).toHaveLength(5)
  })

  test('the report of one submission is the old one or the new one, and nothing is left beside it', () => {
    const before = join(results, 'before.json')
    writeFileSync(before, '{"score": "of last week"}')
    const ran = withDisk(
      2,
      `cp "${before}" "${disk}/r.json"; head -c $(getconf PAGESIZE) /dev/zero > "${disk}/filler"
       ${gradus} grade "${solved(emptyFolder())}" --out "${disk}/r.json"; echo "code $?"; ls "${disk}"; cat "${disk}/r.json"`,
    )
    expect(ran?.stdout).toBe(`code 2\nfiller\nr.json\n${readFileSync(before, 'utf8')}`)
    expect(ran?.stderr).toBe(`${disk}/r.json could not be written: the disk is full.\n`)
  })

  test('no room for the kit’s own files is said as plainly', () => {
    const folder = solved(emptyFolder())
    const ran = withDisk(4, `TMPDIR="${disk}" ${gradus} grade "${folder}"; echo "code $?"`)
    // What the kit compiles of itself stands among the temporary files.
    expect(ran).toMatchObject({
      stdout: 'code 2\n',
      stderr: expect.stringMatching(/^The disk is full: make room .*\n$/),
    })
  })

  test('output that nobody can take is said on the other channel', () => {
    const ran = withDisk(2, `${gradus} grade "${solved(emptyFolder())}" > /dev/full; echo "code $?"`)
    expect(ran?.stdout).toBe('code 2\n')
    expect(ran?.stderr).toContain('The output could not be written: the disk is full.\n')
  })

  test('a student edition that does not fit leaves nothing behind', () => {
    const ran = withDisk(100, `GRADUS_COURSE= ${gradus} release "${disk}/kit"; echo "code $?"; ls "${disk}"`)
    expect(ran?.stdout).toBe('code 2\n')
    expect(ran?.stderr).toBe(`${disk}/kit could not be written: the disk is full.\n`)
  })
}
