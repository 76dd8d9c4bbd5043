// The workshop itself: which lesson the learner is at, what was found for each, and the queue of what is to be graded. The terminal and the page are views of it.
import { EventEmitter } from 'node:events'
import type { Course, Language } from '../course'
import type { Drawing } from '../drawings'
import { exerciseJobs, isTouched } from '../runner/jobs'
import type { LessonOutcome } from '../runner/outcome'
import { ResidentProcesses } from '../runner/resident'
import { runJobs } from '../runner/run'
import { digest, lastOutcome, rememberOutcomes, textOf } from '../state'
import type { TypeProblem } from '../types'
import { TypeService } from './typeService'

/** What is known of a lesson. */
export interface Standing {
  outcome?: LessonOutcome
  /** When it was graded in this session, and how long that took, in milliseconds. */
  graded?: { at: number; took: number }
  types: TypeProblem[]
  /** By task: the graph that the learner's code built in the first test that ran it. */
  drawings: Record<string, Drawing>
}

interface Events {
  grading: [stem: string]
  graded: [stem: string]
  /** What the learner's code built can be drawn. */
  drawn: [stem: string]
  types: [stem: string]
  /** Another hint has been seen. */
  hinted: [stem: string]
  /** The learner has gone to another lesson. */
  moved: [stem: string]
  /** A lesson's text has changed. */
  text: [stem: string]
  /** Something to tell that belongs to no lesson. */
  note: [text: string]
}

/** What can be known of a workshop: all that its views show. */
export type Known = Pick<Workshop, 'course' | 'language' | 'stem' | 'standing' | 'outcomes' | 'grading'>

/** A run that lasts longer than this is hardly an honest one: a save need not wait for it. */
const patienceMs = 1000
/** How long whoever shows a verdict has the processor to themselves, before pictures are drawn and types are looked at. */
const seenMs = 50

export class Workshop extends EventEmitter<Events> {
  private readonly processes: ResidentProcesses
  private readonly typeService: TypeService
  private readonly standings = new Map<string, Standing>()
  private queue: string[] = []
  private running: { stem: string; since: number; stop: AbortController; told?: true } | undefined
  private closed = false
  stem: string

  constructor(
    readonly course: Course,
    readonly language: Language,
    stem: string,
    private readonly limitMs?: number,
  ) {
    super()
    this.stem = stem
    this.processes = new ResidentProcesses()
    this.typeService = new TypeService(course)
    for (const each of course.stems) {
      const last = lastOutcome(course, each)
      this.standings.set(each, { outcome: last?.current ? last.outcome : undefined, types: [], drawings: {} })
    }
  }

  /** Grades where the learner is, then whatever has no verdict yet. */
  async begin(): Promise<void> {
    await this.processes.warm
    const open = this.course.stems.filter((stem) => !this.standing(stem).outcome)
    this.gradeSoon([this.stem, ...open])
  }

  standing(stem: string): Standing {
    const known = this.standings.get(stem) ?? { types: [], drawings: {} }
    this.standings.set(stem, known)
    return known
  }

  get outcomes(): LessonOutcome[] {
    return this.course.stems.flatMap((stem) => this.standing(stem).outcome ?? [])
  }

  /** The lesson that is being graded, and since when. */
  get grading(): { stem: string; since: number } | undefined {
    return this.running?.told ? undefined : this.running
  }

  go(stem: string): void {
    if (stem === this.stem) return
    this.stem = stem
    this.emit('moved', stem)
    if (!this.standing(stem).graded) this.grade(stem)
  }

  /** Another lesson by its place in the course; nothing at either end. */
  step(by: 1 | -1): void {
    const stem = this.course.stems[this.course.stems.indexOf(this.stem) + by]
    if (stem) this.go(stem)
  }

  /** A file was saved: the learner is there. */
  saved(stem: string): void {
    if (!this.course.stems.includes(stem)) return
    if (stem !== this.stem) {
      this.stem = stem
      this.emit('moved', stem)
    }
    this.grade(stem)
  }

  /** Before everything else that waits. */
  grade(stem: string): void {
    this.queue = [stem, ...this.queue.filter((each) => each !== stem)]
    const { running } = this
    if (running && Date.now() - running.since > patienceMs) {
      if (running.stem !== stem) this.queue.push(running.stem)
      running.stop.abort()
    }
    void this.work()
  }

  gradeAll(): void {
    this.gradeSoon([this.stem, ...this.course.stems])
  }

  async close(): Promise<void> {
    this.closed = true
    this.queue = []
    this.running?.stop.abort()
    await Promise.all([this.processes.close(), this.typeService.close()])
  }

  private gradeSoon(stems: string[]): void {
    this.queue = [...new Set([...this.queue, ...stems])]
    void this.work()
  }

  private async work(): Promise<void> {
    if (this.running) return
    for (let stem = this.queue.shift(); stem !== undefined && !this.closed; stem = this.queue.shift()) {
      this.running = { stem, since: Date.now(), stop: new AbortController() }
      this.emit('grading', stem)
      await this.run(stem, this.running.stop.signal)
      this.running = undefined
    }
  }

  private async run(stem: string, signal: AbortSignal): Promise<void> {
    const drawings: Record<string, Drawing> = {}
    const before = this.textOf(stem)
    const began = performance.now()
    const tell = (outcome: LessonOutcome) => {
      if (this.running) this.running.told = true
      const graded = { at: Date.now(), took: performance.now() - began }
      Object.assign(this.standing(stem), { outcome, drawings, graded })
      this.emit('graded', stem)
    }
    try {
      const jobs = exerciseJobs(this.course, [stem]).map((job) => ({ ...job, draws: true }))
      const outcomes = await runJobs(jobs, {
        processes: this.processes,
        signal,
        limitMs: this.limitMs,
        onDrawing(task, drawing) {
          drawings[task] = drawing
        },
        onEnd: (_, outcome) => tell(outcome),
      })
      const outcome = outcomes.get(stem) as LessonOutcome
      // It may be another one by now: what the learner's code left running comes to light only at the end.
      if (outcome !== this.standing(stem).outcome) tell(outcome)
      // Whoever saves while their file is being graded is graded again; what was found is not for what is there now.
      if (this.textOf(stem) !== before) this.queue.unshift(stem)
      else setImmediate(() => rememberOutcomes(this.course, [outcome]))
      setTimeout(() => this.lookCloser(stem), seenMs)
    } catch (error) {
      if (signal.aborted) return
      this.emit('note', `${stem} could not be graded: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** What no verdict waits for. */
  private lookCloser(stem: string): void {
    if (this.closed) return
    this.emit('drawn', stem)
    if (isTouched(this.course, stem)) void this.askTypes(stem)
    else this.tellTypes(stem, [])
  }

  private textOf(stem: string): string {
    try {
      return digest(textOf(this.course.files(stem).exercise))
    } catch {
      return ''
    }
  }

  private async askTypes(stem: string): Promise<void> {
    this.tellTypes(stem, await this.typeService.problems(this.course.files(stem).exercise))
  }

  private tellTypes(stem: string, problems: TypeProblem[]): void {
    const standing = this.standing(stem)
    const isSame = JSON.stringify(standing.types) === JSON.stringify(problems)
    standing.types = problems
    if (!isSame && !this.closed) this.emit('types', stem)
  }
}
