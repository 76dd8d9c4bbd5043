// How long ago the last verdict was, in the bar. It ticks for the eye only: nothing of it is announced.
import type { PageWords } from '../pageWords'

export class Clock {
  private readonly place = document.querySelector<HTMLElement>('.saved')
  private last: { at: number; took: number } | undefined

  constructor(private readonly words: PageWords) {
    window.setInterval(() => this.tick(), 1000)
    this.tick()
  }

  graded(graded: { at: number; took: number } | null): void {
    this.last = graded ?? undefined
    this.tick()
  }

  tick(): void {
    if (!this.place || document.documentElement.classList.contains('offline')) return
    const { words, last } = this
    this.put(last ? words.saved(this.ago(Date.now() - last.at), Math.round(last.took)) : words.notYet)
  }

  /** Says so, and answers from when the results are that the page shows. */
  lost(): string {
    const time = new Date(this.last?.at ?? Date.now()).toTimeString().slice(0, 5)
    this.put(this.words.lostShort(time))
    return time
  }

  private put(html: string): void {
    if (this.place && this.place.innerHTML !== html) this.place.innerHTML = html
  }

  private ago(ms: number): string {
    const seconds = Math.max(0, Math.floor(ms / 1000))
    if (seconds < 60) return this.words.seconds(seconds)
    if (seconds < 3600) return this.words.minutes(Math.floor(seconds / 60))
    return this.words.hours(Math.floor(seconds / 3600))
  }
}
