// What grading in the sandbox takes: a whole submission on one core, a class on two, the memory of a process that holds a submission, and an endless loop.
import { spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Course, kitRoot, openCourse } from '../course'
import { compileText } from '../grade/compile'
import { bestContainment } from '../grade/contain'
import { jobOf, prepare } from '../grade/declared'
import type { SandboxedJob } from '../grade/judge'
import { supervise } from '../grade/supervise'

export interface GradingTimes {
  rows: { what: string; samples: number[] }[]
  /** Submissions a minute, of a class whose students solved everything. */
  perMinute: number
  /** The most memory that a process had that held a whole submission. */
  megabytes: number
  /** What could not be measured, and why. */
  left: string[]
}

const turns = 5
const classSize = 100
const stem = '03-zero-grad'

/** Whole processes, as a teacher starts them. Milliseconds. */
export async function measureGrading(say: (what: string) => void): Promise<GradingTimes> {
  const folder = mkdtempSync(join(tmpdir(), 'gradus-bench-'))
  try {
    const course = openCourse(kitRoot)
    const submission = join(folder, 'solved')
    handIn(course, submission)
    const left: string[] = []
    const oneCore = spawnSync('taskset', ['-c', '0', 'true']).status === 0 ? ['taskset', '-c', '0'] : []
    if (oneCore.length === 0) left.push('there is no taskset here: one submission had all cores')
    if (bestContainment() !== 'bubblewrap')
      left.push('there is no bubblewrap here: less containment, and less to start')

    const submissions = { what: 'one submission, one core', samples: [] as number[] }
    for (let turn = 0; turn <= turns; turn++) {
      say(`grading: ${turn === 0 ? 'warming up' : `turn ${turn} of ${turns}`}`)
      const spent = await graded([submission, '--out', join(folder, 'report.json')], oneCore)
      if (turn > 0) submissions.samples.push(spent)
    }

    say(`grading: a class of ${classSize}`)
    const students = join(folder, 'class')
    for (let k = 0; k < classSize; k++) cpSync(submission, join(students, `student-${k}`), { recursive: true })
    const spent = await graded(['--class', students, '--out', join(folder, 'results'), '--jobs', '2'])

    say('grading: memory, and an endless loop')
    const solution = (each: string) => readFileSync(course.files(each).solution, 'utf8')
    const { megabytes } = await judged(
      course,
      course.stems.map((each) => jobFrom(course, each, solution(each))),
    )
    const short = await judged(course, [jobFrom(course, stem, solution(stem))])
    const long = await judged(course, [jobFrom(course, stem, endless(solution(stem)))])
    const loop = { what: 'an endless loop, more', samples: [long.ms - short.ms] }
    return { rows: [submissions, loop], perMinute: classSize / (spent / 60_000), megabytes, left }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same exports, none of which ever returns. */
function endless(solution: string): string {
  return solution.replace(/^export function (\w+)[\s\S]*?^}$/gm, 'export function $1(): never { for (;;) {} }')
}

/** A submission in which everything is solved. */
function handIn(course: Course, folder: string): void {
  mkdirSync(join(folder, 'exercises'), { recursive: true })
  for (const each of course.stems) cpSync(course.files(each).solution, join(folder, 'exercises', `${each}.ts`))
}

function graded(words: string[], before: string[] = []): Promise<number> {
  const [program = '', ...more] = [...before, process.execPath, join('scripts', 'gradus.js'), 'grade', ...words]
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(program, more, { cwd: kitRoot, stdio: 'ignore' })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - start)
      else reject(new Error(`\`npm run grade -- ${words.join(' ')}\` ended with ${code}`))
    })
  })
}

function jobFrom(course: Course, each: string, text: string): SandboxedJob {
  const compiled = compileText({ text, name: each })
  if ('rejected' in compiled) throw new Error(compiled.rejected)
  return jobOf(course, each, compiled)
}

async function judged(course: Course, jobs: SandboxedJob[]): Promise<{ ms: number; megabytes: number }> {
  const { cache } = await prepare(course)
  let megabytes = 0
  const start = performance.now()
  await supervise(jobs, {
    containment: bestContainment(),
    cache,
    onLesson: () => {},
    onEnd: (most) => {
      megabytes = most
    },
  })
  return { ms: performance.now() - start, megabytes }
}
