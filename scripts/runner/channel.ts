// How the process that runs Jest speaks to the one that started it: a line of JSON a message, written at once on a pipe of its own,
// so that what was said stands even when the next statement never ends.
import { writeSync } from 'node:fs'
import type { DeclaredTest, TestOutcome } from './outcome'

export const channelDescriptor = 3

/** How many characters of what a lesson prints are kept. */
export const outputLimit = 20_000

/** One suite to run on one file. */
export interface Job {
  id: string
  lesson: string
  /** The suite, or a file that runs it on several subjects by `judgeEach`. */
  testFile: string
  /** The file to judge, and how to name it to the learner. */
  subject: string
  shown: string
}

/** A place in a file that is judged. */
export interface Frame {
  subject: string
  functionName: string
  line: number
  column: number
}

export type Message =
  | { type: 'declared'; job: string; tests: DeclaredTest[] }
  | { type: 'loading'; job: string }
  | { type: 'started'; job: string; test: number }
  | { type: 'tested'; job: string; test: number; outcome: TestOutcome }
  | { type: 'printed'; job: string; text: string }
  /** What a comparison of the running test expects; told only where a check asks for it. */
  | { type: 'expected'; job: string; text: string }
  | { type: 'finished'; job: string }
  /** The suite itself could not be run. */
  | { type: 'broken'; job: string; message: string }
  /** From the watchdog, when the learner's code did not come back or took all memory: where in the learner's file it was, if that could be seen. */
  | { type: 'stopped'; reason: 'time' | 'memory'; frames: Frame[] }

export function send(message: Message): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let sent = 0; sent < line.length; ) sent += writeSync(channelDescriptor, line, sent)
}
