// Proves the sandbox on the course itself: solutions have full marks in it, and nothing that the learner's code does changes what a suite expects.
import type { Course } from '../course'
import { Compiler } from '../grade/compile'
import { bestContainment } from '../grade/contain'
import { jobOf, prepare } from '../grade/declared'
import type { SandboxedJob } from '../grade/judge'
import type { HeardLesson } from '../grade/report'
import { supervise } from '../grade/supervise'
import { textOf } from '../state'
import { deriveStub } from '../stub'
import { type Finding, finding, type Problem } from './problem'

type Role = 'solution' | 'vandal' | 'stub'
const roles: Role[] = ['solution', 'vandal', 'stub']

export async function checkSandbox(
  course: Course,
  onProgress: (done: number, all: number) => void = () => {},
): Promise<Finding> {
  const prepared = await prepare(course)
  const jobs = await jobsOf(course, new Compiler(prepared.compiler))
  const heard = new Map<string, HeardLesson>()
  await supervise(jobs, {
    containment: bestContainment(),
    cache: prepared.cache,
    onLesson(job, lesson) {
      heard.set(job.id, lesson)
      onProgress(heard.size, jobs.length)
    },
  })
  return finding(
    course.stems.length * roles.length,
    course.stems.flatMap((stem) => {
      const [solution, vandal, stub] = roles.map((role) => heard.get(idOf(role, stem))) as HeardLesson[]
      const where = course.show(course.files(stem).suite)
      return [
        ...notFull(course, stem, solution as HeardLesson),
        ...notStarted(course, stem, stub as HeardLesson),
        ...changed(where, solution as HeardLesson, vandal as HeardLesson),
      ]
    }),
  )
}

const idOf = (role: Role, stem: string) => `${role} ${stem}`

async function jobsOf(course: Course, compiler: Compiler): Promise<SandboxedJob[]> {
  const jobs: SandboxedJob[] = []
  for (const stem of course.stems) {
    const text = textOf(course.files(stem).solution)
    for (const role of roles) {
      const compiled = await compiler.compile(role === 'stub' ? deriveStub(text, stem) : text, `${stem}.ts`)
      if ('rejected' in compiled) throw new Error(compiled.rejected)
      const audit = { solution: 'honest', vandal: 'vandal', stub: undefined }[role] as SandboxedJob['audit']
      jobs.push({ ...jobOf(course, stem, compiled), id: idOf(role, stem), audit })
    }
  }
  compiler.end()
  return jobs
}

function notFull(course: Course, stem: string, heard: HeardLesson): Problem[] {
  const where = course.show(course.files(stem).solution)
  if (!heard.declared || heard.death)
    return [{ where, message: `could not be graded in the sandbox: ${heard.death?.message ?? heard.broken}` }]
  return heard.declared.flatMap(({ title }, i) => {
    const test = heard.tests.get(i)?.[0]
    return test?.status === 'passed'
      ? []
      : [{ where, message: `fails “${title}” in the sandbox: ${test?.message ?? 'it did not run'}` }]
  })
}

function notStarted(course: Course, stem: string, heard: HeardLesson): Problem[] {
  const wrong = [...heard.tests.values()].flat().filter(({ status }) => status !== 'not-started')
  const where = course.show(course.files(stem).exercise)
  return wrong.map(({ name, status }) => ({ where, message: `the stub is “${status}” in “${name}” in the sandbox.` }))
}

/** What a test expects must be the same when the learner's code spoils its inputs and switches recording off: else it could be made to fit any answer. */
function changed(where: string, honest: HeardLesson, vandal: HeardLesson): Problem[] {
  return (honest.declared ?? []).flatMap(({ title }, i) => {
    const [right, spoilt] = [honest.expected.get(i) ?? [], vandal.expected.get(i) ?? []]
    return spoilt.every((text, k) => text === right[k])
      ? []
      : [
          {
            where,
            message: `“${title}” expects something else when the learner's code changes what it was handed. Compute what is expected before the learner's code is called.`,
          },
        ]
  })
}
