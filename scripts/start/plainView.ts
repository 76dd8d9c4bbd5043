// The workshop where there is no terminal to draw on: a few plain lines for each verdict.
import { inLanguage } from '../feedback/translation'
import { type LessonOutcome, total } from '../runner/outcome'
import { explain, firstToFix } from '../terminal/verdict'
import { wordsOf as verdictWords } from '../terminal/words'
import { wordsOf } from './words'
import type { Workshop } from './workshop'

export class PlainView {
  private isWarm = false

  constructor(private readonly workshop: Workshop) {
    workshop.on('graded', (stem) => this.isWarm && stem === workshop.stem && this.tell(stem))
    workshop.on('types', (stem) => this.tellTypes(stem))
    workshop.on('note', (text) => this.say(text))
  }

  /** Nobody can ask it to end; a signal does. */
  readonly left = new Promise<void>(() => {})

  open(): void {}

  showPage(address: string): void {
    console.log(address)
  }

  warm(): void {
    this.isWarm = true
  }

  say(text: string): void {
    console.log(text)
  }

  private tell(stem: string): void {
    const words = wordsOf(this.workshop.language)
    const { outcome, graded } = this.workshop.standing(stem)
    if (!outcome || !graded) return
    const { score, max_score } = total([outcome])
    const at = new Date(graded.at).toTimeString().slice(0, 8)
    console.log(`${at} ${stem}: ${words.points(score, max_score)} (${Math.round(graded.took)} ms)`)
    this.tellFirst(outcome)
    if (outcome.status === 'passed') console.log(words.done)
  }

  private tellFirst(outcome: LessonOutcome): void {
    const { course, language } = this.workshop
    const todo = firstToFix([inLanguage(course, outcome, language)])
    if (todo) console.log(explain(course, todo, verdictWords(language)))
  }

  private tellTypes(stem: string): void {
    const words = wordsOf(this.workshop.language)
    for (const { file, line, column, message } of this.workshop.standing(stem).types)
      console.log(`${words.types}: ${file}:${line}:${column} ${message.split('\n', 1)[0]}`)
  }
}
