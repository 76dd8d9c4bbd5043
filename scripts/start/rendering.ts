// The workshop's pages as HTML: those of the book, with what is live in them. What takes time is kept until the lesson's text changes.
import type { Course, Language } from '../course'
import { hasSolution } from '../exercise'
import { type Asset, type DrawingData, indexPage, lessonPage, searchScript } from '../page'
import { textOf } from '../state'
import type { Token } from './guard'
import { liveParts } from './updates'
import type { Known } from './workshop'

export function render(workshop: Known, stem: string | undefined, language: Language, token: Token): string {
  const { course } = workshop
  const root = language === 'en' ? '' : '../'
  const solution = stem !== undefined && hasSolution(course, stem) ? '<meta name="gradus-solution">\n' : ''
  const lesson = stem === undefined ? '' : `<meta name="gradus-lesson" content="${stem}">\n${solution}`
  const head = `<link rel="stylesheet" href="${root}assets/live.css">\n<meta name="gradus-token" content="${token}">\n${lesson}`
  const options = { language, live: liveParts(workshop, stem, language, head) }
  if (stem === undefined) return indexPage(course, options)
  // The engine, which computes the graphs of the cells, is loaded with the first lesson that is looked at.
  const { graphHtml, graphsOf } = require('../book/site') as typeof import('../book/site')
  const graphs = graphsBelow(course, stem, graphsOf)
  return lessonPage(course, stem, { ...options, belowCell: (cell) => graphHtml(graphs, cell, language) })
}

/** What the search of a language looks through, made anew each time it is asked for: it follows the lessons' texts. */
export function searchAsset(course: Course, name: string): Asset | undefined {
  const language = /^search-(en|zh)\.js$/.exec(name)?.[1] as Language | undefined
  return language && searchScript(course, language)
}

type GraphsOf = typeof import('../book/site').graphsOf

const known = new Map<string, { text: string; graphs: Map<number, DrawingData> }>()

/** The graphs of a lesson's own cells. A lesson whose cells can't be run, as its author will be told elsewhere, has none. */
function graphsBelow(course: Course, stem: string, graphsOf: GraphsOf): Map<number, DrawingData> {
  const text = textOf(course.files(stem).text.en)
  const before = known.get(stem)
  if (before?.text === text) return before.graphs
  let graphs = new Map<number, DrawingData>()
  try {
    graphs = graphsOf(course, stem)
  } catch {}
  known.set(stem, { text, graphs })
  return graphs
}
