// The stub in exercises/ is what its solution derives, and the seal is that of the suites and solutions as they are.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Course } from '../course'
import { sealOf, sealPath, staleSeals } from '../seal'
import { backUp, digest, textOf } from '../state'
import { AuthoringError, deriveStub } from '../stub'
import { type Finding, finding, type Problem } from './problem'

export function checkStubs(course: Course): Finding {
  const problems = course.stems.flatMap((stem) => stubProblems(course, stem))
  const seals = staleSeals(course).map((where) => ({
    where,
    message: `is not as scripts/seal.json says. If you meant to change it: \`npm run check -- --fix\`.`,
  }))
  return finding(course.stems.length * 2, [...problems, ...seals])
}

function stubProblems(course: Course, stem: string): Problem[] {
  const { exercise, solution } = course.files(stem)
  if (!existsSync(solution) || !existsSync(exercise)) return []
  try {
    if (digest(deriveStub(textOf(solution), course.show(solution))) === digest(textOf(exercise))) return []
  } catch (error) {
    if (error instanceof AuthoringError) return [{ where: error.where, message: error.what }]
    throw error
  }
  return [
    {
      where: course.show(exercise),
      message: `is not the stub that ${course.show(solution)} derives. Authors: \`npm run check -- --fix\` (what is there is backed up). Learners: \`npm test\` is for you.`,
    },
  ]
}

/** Writes the stubs and the seal anew; answers what it changed. */
export function fixStubs(course: Course): string[] {
  const done: string[] = []
  for (const stem of course.stems) {
    const { exercise, solution } = course.files(stem)
    if (!existsSync(solution)) continue
    const stub = deriveStub(textOf(solution), course.show(solution))
    if (digest(textOf(exercise)) === digest(stub)) continue
    const backup = existsSync(exercise) ? ` (what was there is in ${backUp(course, exercise, stem)})` : ''
    writeFileSync(exercise, stub)
    done.push(`${course.show(exercise)} derived anew${backup}`)
  }
  const seal = `${JSON.stringify(sealOf(course), null, 2)}\n`
  if (textOf(sealPath(course)) !== seal) {
    mkdirSync(dirname(sealPath(course)), { recursive: true })
    writeFileSync(sealPath(course), seal)
    done.push(`${course.show(sealPath(course))} sealed anew`)
  }
  return done
}
