// What suites and the kit say, in the learner's language. As gettext does it: code says a sentence in English, and a catalog knows it in Chinese.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Course, kitRoot, type Language } from '../course'
import type { Cause, LessonOutcome, TestOutcome } from '../runner/outcome'

/** English sentences and their translations. `{1}`, `{2}`, … stand for what the code inserts; it is translated in turn where a catalog knows it. */
export type Catalog = Record<string, string>

export type Translate = (text: string) => string

/**
 * Looks a text up: as it is, else among the sentences with places for something inserted. Where several fit, that one is taken which leaves
 * least of the text as it was, for the others have swallowed a sentence; of two equals, the one that says most itself.
 */
export function translator(...catalogs: Catalog[]): Translate {
  const whole = new Map(catalogs.flatMap((catalog) => Object.entries(catalog)))
  const patterns = [...whole]
    .filter(([english]) => slot.test(english) && plainLength(english) > 0)
    .sort(([a], [b]) => plainLength(b) - plainLength(a))
    .map(([english, translation]) => ({ pattern: patternOf(english), translation }))
  const lookUp = (text: string, seen: Map<string, Found>): Found => {
    const known = whole.get(text)
    if (known !== undefined) return { translation: known, left: 0 }
    const unknown = { translation: text, left: text.length }
    if (text.length > longest) return unknown
    const before = seen.get(text)
    if (before) return before
    const fitting = patterns.flatMap(({ pattern, translation }) => {
      const inserted = pattern.exec(text)?.slice(1)
      return inserted
        ? [
            insert(
              translation,
              inserted.map((each) => lookUp(each, seen)),
            ),
          ]
        : []
    })
    const found = fitting.sort((a, b) => a.left - b.left)[0] ?? unknown
    seen.set(text, found)
    return found
  }
  return (text) => lookUp(text, new Map()).translation
}

/** Nobody says a sentence longer than this, and what a stranger's program says must not keep the search busy. */
const longest = 1000

/** A translation, and how many characters nobody knew. */
interface Found {
  translation: string
  left: number
}

function insert(translation: string, inserted: Found[]): Found {
  return {
    translation: translation.replace(slots, (_, number) => inserted[Number(number) - 1]?.translation ?? ''),
    left: inserted.reduce((sum, { left }) => sum + left, 0),
  }
}

const slot = /\{\d\}/
const slots = /\{(\d)\}/g

const plainLength = (english: string) => english.replace(slots, '').length

function patternOf(english: string): RegExp {
  const literal = english.split(slots).filter((_, i) => i % 2 === 0)
  return new RegExp(`^${literal.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.*?)')}$`, 's')
}

/** The catalogs of what the kit itself says, what the engine's errors advise, and what the suite of a lesson says. */
export function translatorFor(course: Course, stem: string, language: Language): Translate {
  if (language === 'en') return (text) => text
  return translator(...kitCatalogs(), read(course.files(stem).words))
}

/** The catalogs of what is said outside of lessons. */
export function kitTranslator(language: Language): Translate {
  return language === 'en' ? (text) => text : translator(...kitCatalogs())
}

function kitCatalogs(): Catalog[] {
  return ['zh.json', 'engine.zh.json'].map((name) => read(join(kitRoot, 'scripts', 'feedback', name)))
}

function read(path: string): Catalog {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Catalog) : {}
}

/** An outcome with all that it says to a reader in their language. What the learner's code printed, and PyTorch's own words, stay as they are: no catalog knows them. */
export function inLanguage(course: Course, outcome: LessonOutcome, language: Language): LessonOutcome {
  if (language === 'en') return outcome
  const translate = translatorFor(course, outcome.lesson, language)
  return {
    ...outcome,
    message: translate(outcome.message),
    tests: outcome.tests.map((test) => translatedTest(test, translate)),
    ...(outcome.cause && { cause: translatedCause(outcome.cause, translate) }),
  }
}

function translatedTest(test: TestOutcome, translate: Translate): TestOutcome {
  const cause = test.cause && translatedCause(test.cause, translate)
  return { ...test, name: translate(test.name), message: translate(test.message), ...(cause && { cause }) }
}

export function translatedCause(cause: Cause, translate: Translate): Cause {
  switch (cause.kind) {
    case 'wrong':
      return {
        ...cause,
        expected: translate(cause.expected),
        received: translate(cause.received),
        difference: translate(cause.difference),
        why: translate(cause.why),
      }
    case 'exception':
      return { ...cause, hint: translate(cause.hint) }
    case 'feedback':
    case 'endless':
      return { ...cause, message: translate(cause.message) }
  }
}
