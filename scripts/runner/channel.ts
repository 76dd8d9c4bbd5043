// How the process that runs Jest speaks to the one that started it: a line of JSON a message, written at once on a pipe of its own,
// so that what was said stands even when the next statement never ends.
import { writeSync } from 'node:fs'
import type { Drawing } from '../drawings'
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
  /** Whether the graphs that its functions build should be told. */
  draws?: boolean
}

/** What one round may take. */
export interface Limits {
  /** How long one test, or loading one file, may take. */
  limitMs: number
  /** How much memory the learner's code may use. */
  memoryMegabytes: number
}

/** What the process is asked to run, as one line of JSON on its standard input. */
export interface Round extends Limits {
  jobs: Job[]
  /** Another round will follow: the run for it is opened soon after this one is done. */
  again?: boolean
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
  | { type: 'drawn'; job: string; task: string; drawing: Drawing }
  | { type: 'finished'; job: string }
  /** The suite itself could not be run. */
  | { type: 'broken'; job: string; message: string }
  /** From the watchdog, when the learner's code did not come back or took all memory: where in the learner's file it was, if that could be seen. */
  | { type: 'stopped'; reason: 'time' | 'memory'; frames: Frame[] }
  /** All jobs of the round have been run. `clean` when nothing that they started is still at work. */
  | { type: 'done'; clean: boolean; megabytes: number }

/** A message about one job. */
export type JobMessage = Extract<Message, { job: string }>

export function send(message: Message): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let sent = 0; sent < line.length; ) sent += writeSync(channelDescriptor, line, sent)
}
