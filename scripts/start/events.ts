// The open pages, and what they are told, as server-sent events. A page that comes back is told everything anew.
import type { ServerResponse } from 'node:http'
import type { Language } from '../course'
import { hintsSeen } from '../hints'
import { courseUpdate, graphsUpdate, lessonUpdate } from './updates'
import type { Workshop } from './workshop'

interface Page {
  response: ServerResponse
  stem: string | undefined
  language: Language
}

/** So that a page can tell silence from a lost connection. */
const beatMs = 10_000

export class Pages {
  private readonly open = new Set<Page>()
  private readonly beat = setInterval(() => this.tellAll('beat', {}), beatMs)

  constructor(
    private readonly workshop: Workshop,
    /** Changes with every start of the workshop. */
    private readonly session: string,
  ) {
    workshop.on('graded', (stem) => this.tellLesson(stem))
    workshop.on('drawn', (stem) => this.tellGraphs(stem))
    workshop.on('types', (stem) => this.tellLesson(stem))
    workshop.on('hinted', (stem) => this.tellHints(stem))
    workshop.on('grading', (stem) => this.tellAll('grading', { stem }, (page) => page.stem === stem))
    workshop.on('text', (stem) => this.tellAll('text', { stem }, (page) => page.stem === stem))
  }

  add(response: ServerResponse, stem: string | undefined, language: Language): void {
    const page: Page = { response, stem, language }
    this.open.add(page)
    response.on('close', () => this.open.delete(page))
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    tell(page, 'hello', {
      session: this.session,
      lesson: this.lessonFor(page),
      course: courseUpdate(this.workshop, language),
    })
    if (stem === undefined) return
    this.tellGraphs(stem)
    this.tellHints(stem)
  }

  close(): void {
    clearInterval(this.beat)
    for (const { response } of this.open) response.end()
  }

  private tellLesson(stem: string): void {
    for (const page of this.open) {
      if (page.stem === stem) tell(page, 'lesson', this.lessonFor(page))
      tell(page, 'course', courseUpdate(this.workshop, page.language))
    }
  }

  private tellGraphs(stem: string): void {
    for (const page of this.open)
      if (page.stem === stem) tell(page, 'graphs', graphsUpdate(this.workshop, stem, page.language))
  }

  private tellHints(stem: string): void {
    this.tellAll('hints', hintsSeen(this.workshop.course, stem), (page) => page.stem === stem)
  }

  private lessonFor({ stem, language }: Page) {
    return stem === undefined ? undefined : lessonUpdate(this.workshop, stem, language)
  }

  private tellAll(event: string, data: unknown, whom: (page: Page) => boolean = () => true): void {
    for (const page of this.open) if (whom(page)) tell(page, event, data)
  }
}

function tell({ response }: Page, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data ?? null)}\n\n`)
}
