// The workshop without its views: what it tells them, and when.
import { writeFileSync } from 'node:fs'
import { tinyCourse } from '../check/tinyCourse'
import { textOf } from '../state'
import { Workshop } from './workshop'

const course = tinyCourse()
const stem = '01-twice'
const { exercise, solution } = course.files(stem)
const doing = (body: string) => textOf(solution).replace('return x.mul(2)', body)

let workshop: Workshop
/** What was told, with what was known then. */
let told: string[] = []

jest.setTimeout(120_000)
beforeAll(() => {
  workshop = new Workshop(course, 'en', stem, 500)
  for (const event of ['graded', 'drawn'] as const)
    workshop.on(event, () => told.push(`${event} ${workshop.standing(stem).outcome?.status}`))
})
afterAll(() => workshop.close())

async function saved(text: string, until: string): Promise<string[]> {
  told = []
  writeFileSync(exercise, text)
  workshop.saved(stem)
  for (const end = Date.now() + 60_000; told.at(-1) !== until && Date.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 5))
  return told
}

test('the verdict comes first, and what it built can be drawn after it', async () => {
  const wrong = doing('return x.requires_grad_(true).mul(3)')
  expect(await saved(wrong, 'drawn failed')).toEqual(['graded failed', 'drawn failed'])
  expect(Object.keys(workshop.standing(stem).drawings)).toEqual(['twice'])
})

test('what the code left running, and never ends, corrects a verdict that was told', async () => {
  const looping = doing('setImmediate(() => { while (true) {} })\n  return x.mul(2)')
  expect(await saved(looping, 'drawn timeout')).toEqual(['graded passed', 'graded timeout', 'drawn timeout'])
})
