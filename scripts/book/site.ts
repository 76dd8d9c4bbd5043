// The whole book as files: every page in both languages, and what they load.
import { type Course, type Language, languages, Misuse } from '../course'
import { readLesson } from '../lessonText'
import {
  type Asset,
  type DrawingData,
  graphDetails,
  indexPage,
  lessonPage,
  type PageOptions,
  pageAssets,
  pageFile,
  searchFile,
  searchScript,
} from '../page'
import { textOf } from '../state'
import { cellGraphs } from './cellGraphs'

export interface BookOptions {
  /** The address of the kit on the web, for links to its files. */
  repository?: string
  /** Told before each lesson. */
  progress?(stem: string): void
}

/** The files of the book, by their paths from its folder. */
export async function bookFiles(
  course: Course,
  { repository, progress }: BookOptions = {},
): Promise<Map<string, Asset>> {
  const files = new Map<string, Asset>()
  for (const stem of course.stems) {
    progress?.(stem)
    const graphs = graphsOf(course, stem)
    for (const language of languages) {
      const belowCell = (cell: number) => graphHtml(graphs, cell, language)
      files.set(pageFile(language, stem), lessonPage(course, stem, { language, repository, belowCell }))
    }
  }
  for (const language of languages) {
    const options: PageOptions = { language, repository }
    files.set(pageFile(language), indexPage(course, options))
    files.set(`assets/${searchFile(language)}`, searchScript(course, language))
  }
  for (const [name, content] of await pageAssets()) files.set(`assets/${name}`, content)
  return files
}

/** The graphs of a lesson's cells, by the number of the cell. */
export function graphsOf(course: Course, stem: string): Map<number, DrawingData> {
  const path = course.files(stem).text.en
  try {
    return cellGraphs(readLesson(textOf(path)).cells.map(({ code }) => code.trimEnd()))
  } catch (error) {
    throw new Misuse(`The cells of ${course.show(path)} can't be run: ${(error as Error).message}.`)
  }
}

/** Open are the first graph of a lesson, and the first that shows an addition; the others wait to be asked for. */
export function graphHtml(graphs: Map<number, DrawingData>, cell: number, language: Language): string {
  const graph = graphs.get(cell)
  if (!graph) return ''
  const [first] = graphs.keys()
  const adding = [...graphs].find(([, { additions = {} }]) => Object.keys(additions).length > 0)?.[0]
  return graphDetails(graph, language, cell === first || cell === adding)
}
