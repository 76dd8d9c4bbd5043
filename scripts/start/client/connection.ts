// The line to the workshop: opened again by itself when it is lost, and said so meanwhile.
import { icon } from '../../page/html'
import type { PageWords } from '../pageWords'
import type { CourseUpdate, LessonUpdate } from '../updates'
import type { Clock } from './clock'

interface Listeners {
  hello(said: { session: string; lesson?: LessonUpdate; course: CourseUpdate }): void
  grading(): void
  lesson(lesson: LessonUpdate | null): void
  graphs(graphs: Record<string, string>): void
  hints(seen: Record<string, number>): void
  course(course: CourseUpdate): void
}

/** Something is heard every ten seconds; after this much silence the line is taken to be dead (a laptop that has slept, say). */
const silenceMs = 25_000
const longestWait = 15

export class Connection {
  private source: EventSource | undefined
  private session: string | undefined
  private silence: number | undefined
  private retry: number | undefined
  private wait = 1
  private readonly banner: HTMLElement
  private readonly sentence = document.createElement('span')
  private readonly countdown = document.createElement('span')

  constructor(
    private readonly address: string,
    private readonly words: PageWords,
    private readonly clock: Clock,
    private readonly listeners: Listeners,
  ) {
    this.banner = document.createElement('div')
    this.banner.className = 'lost'
    this.banner.setAttribute('role', 'alert')
    // The sentence is announced once; the seconds are for the eye only.
    this.countdown.setAttribute('aria-hidden', 'true')
    const text = document.createElement('p')
    text.append(this.sentence, ' ', this.countdown)
    const button = document.createElement('button')
    button.className = 'button'
    button.textContent = words.tryNow
    button.addEventListener('click', () => this.open())
    this.banner.innerHTML = icon('lost')
    this.banner.append(text, button)
    // A browser keeps few lines to one address, so a page that nobody sees gives its own up; whoever comes back is told everything at once.
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.open()
      else this.rest()
    })
    window.addEventListener('pagehide', () => this.rest())
    window.addEventListener('pageshow', (event) => event.persisted && this.open())
    this.open()
  }

  private get isLost(): boolean {
    return document.documentElement.classList.contains('offline')
  }

  private rest(): void {
    this.source?.close()
    clearTimeout(this.silence)
    clearInterval(this.retry)
  }

  private open(): void {
    this.rest()
    const source = new EventSource(this.address)
    this.source = source
    const on = <E extends keyof Listeners>(event: E, action: (data: Parameters<Listeners[E]>[0]) => void) =>
      source.addEventListener(event, ({ data }) => {
        this.heard()
        action(JSON.parse(data))
      })
    on('hello', (said) => {
      // Another start of the workshop: what this page was made with is out of date.
      if (this.session !== undefined && said && this.session !== said.session) location.reload()
      this.session = said?.session
      this.found()
      if (said) this.listeners.hello(said)
    })
    on('grading', () => this.listeners.grading())
    on('lesson', (lesson) => this.listeners.lesson(lesson ?? null))
    on('graphs', (graphs) => graphs && this.listeners.graphs(graphs))
    on('hints', (seen) => seen && this.listeners.hints(seen))
    on('course', (course) => course && this.listeners.course(course))
    source.addEventListener('text', () => location.reload())
    source.addEventListener('beat', () => this.heard())
    source.addEventListener('error', () => this.lose())
    this.heard()
  }

  private heard(): void {
    clearTimeout(this.silence)
    this.silence = window.setTimeout(() => this.lose(), silenceMs)
  }

  private found(): void {
    this.wait = 1
    document.documentElement.classList.remove('offline')
    this.banner.remove()
    this.clock.tick()
  }

  private lose(): void {
    this.rest()
    const time = this.clock.lost()
    if (!this.isLost) {
      document.documentElement.classList.add('offline')
      document.documentElement.classList.remove('grading')
      document.querySelector('header.bar')?.after(this.banner)
      this.sentence.innerHTML = this.words.lost(time)
    }
    let left = this.wait
    this.wait = Math.min(2 * this.wait, longestWait)
    const tell = () => {
      this.countdown.textContent = this.words.again(left)
    }
    tell()
    this.retry = window.setInterval(() => {
      left--
      if (left > 0) tell()
      else this.open()
    }, 1000)
  }
}
