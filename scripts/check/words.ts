// What suites and stubs say in English, they can say in Chinese: every sentence stands in the lesson's catalog, and no other.
import { existsSync } from 'node:fs'
import type { Course } from '../course'
import type { Catalog } from '../feedback/translation'
import { textOf } from '../state'
import { type Finding, finding, type Problem, together } from './problem'
import { saidBy } from './sentences'

export function checkWords(course: Course): Finding {
  return together(course.stems.map((stem) => checkCatalog(course, stem)))
}

function checkCatalog(course: Course, stem: string): Finding {
  const { words, suite, solution } = course.files(stem)
  const where = course.show(words)
  const { sentences, phrases } = saidBy(textOf(suite), textOf(solution))
  const said = new Set([...sentences, ...phrases])
  if (!existsSync(words)) return finding(sentences.length, [])
  const catalog = read(words)
  if (!catalog)
    return finding(sentences.length, [{ where, message: 'is not a list of sentences: {"English": "中文", …}.' }])
  const tell = (sentence: string, message: string): Problem => ({
    where,
    message: `${message} ${JSON.stringify(sentence)}`,
  })
  return finding(sentences.length, [
    ...sentences.filter((sentence) => !(sentence in catalog)).map((sentence) => tell(sentence, 'lacks')),
    ...Object.keys(catalog)
      .filter((sentence) => !said.has(sentence))
      .map((sentence) => tell(sentence, `has what ${course.show(suite)} no longer says:`)),
    ...Object.entries(catalog)
      .filter(([english, chinese]) => slotsIn(english) !== slotsIn(chinese))
      .map(([english]) => tell(english, 'inserts other things than the English does in')),
  ])
}

function read(path: string): Catalog | undefined {
  try {
    const value: unknown = JSON.parse(textOf(path))
    const isCatalog =
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).every((each) => typeof each === 'string' && each !== '')
    return isCatalog ? (value as Catalog) : undefined
  } catch {
    return undefined
  }
}

/** The places for what is inserted, each once, in order of their numbers. */
function slotsIn(sentence: string): string {
  return String([...new Set(sentence.match(/\{\d\}/g))].sort())
}
