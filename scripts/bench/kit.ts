// npm test beside bare Jest, on a copy of the kit in which every exercise is solved: nothing of the learner's is touched.
import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { kitRoot, openCourse } from '../course'
import { quantile } from './measure'

export interface KitTimes {
  rows: { what: string; samples: number[] }[]
  /** npm test by bare Jest, medians. */
  ratio: number
}

const turns = 5
const left = new Set(['node_modules', '.git', '.gradus', join('scripts', 'bench')])

/** Whole processes, as a learner starts them, taking turns. Milliseconds. */
export async function measureKit(say: (what: string) => void): Promise<KitTimes> {
  const copy = mkdtempSync(join(tmpdir(), 'gradus-bench-'))
  try {
    copyKit(copy)
    const commands: [string, string[]][] = [
      ['bare jest', ['npx', 'jest']],
      ['npm test', ['npm', 'test']],
      ['npm test, one lesson', ['npm', 'test', '--', '03']],
      ['npm run grade', ['npm', 'run', 'grade', '--', 'exercises', '--out', join('.gradus', 'report.json')]],
    ]
    const rows = commands.map(([what]) => ({ what, samples: [] as number[] }))
    for (let turn = 0; turn <= turns; turn++) {
      for (const [k, [what, words]] of commands.entries()) {
        say(`kit: ${turn === 0 ? 'warming up' : `turn ${turn} of ${turns}`}, ${what}`)
        const spent = await timed(words, copy)
        if (turn > 0) rows[k]!.samples.push(spent)
      }
    }
    return { rows, ratio: quantile(rows[1]!.samples, 0.5) / quantile(rows[0]!.samples, 0.5) }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** The kit in another folder, with every exercise solved. */
export function copyKit(copy: string): void {
  cpSync(kitRoot, copy, { recursive: true, filter: (path) => !left.has(relative(kitRoot, path).split(sep).join(sep)) })
  symlinkSync(join(kitRoot, 'node_modules'), join(copy, 'node_modules'), 'junction')
  const course = openCourse(copy)
  for (const stem of course.stems) copyFileSync(course.files(stem).solution, course.files(stem).exercise)
}

function timed([program, ...args]: string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1', GRADUS_COURSE: undefined }
    const start = performance.now()
    const child = spawn(program!, args, { cwd, env, stdio: 'ignore', shell: process.platform === 'win32' })
    child.once('error', reject)
    child.once('exit', (code) => {
      if (code === 0) resolve(performance.now() - start)
      else reject(new Error(`\`${[program, ...args].join(' ')}\` ended with ${code} on the solved exercises`))
    })
  })
}
