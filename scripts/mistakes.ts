// What an author writes in solutions/NN-name.mistakes.ts: wrong answers, each as an edit of the solution.

import { AuthoringError } from './stub'

export interface Mistake {
  /** What the learner did, in a few words: "never zeroed". */
  name: string
  /** The function of the solution that is edited, or the method of one of its classes. */
  in: string
  /** The text to replace, which occurs exactly once in that function, and its replacement. */
  replace: [string, string]
  /** More replacements in the same function, where one isn't enough. */
  with?: [string, string][]
  /** The title of the test that must catch it, by an assertion and not by a crash. */
  caughtBy: string
  /** A piece of what the feedback must say. */
  says: string
  /** Other tasks that build on this one, so that their tests may fail with it. */
  breaks?: readonly string[]
}

/** The solution with the mistake made. `name` is for error messages. */
export function makeMistake(solution: string, mistake: Mistake, name: string): string {
  const { start, end } = functionIn(solution, mistake, name)
  let edited = solution.slice(start, end)
  for (const [from, to] of [mistake.replace, ...(mistake.with ?? [])]) {
    const found = edited.split(from).length - 1
    if (found !== 1) {
      throw new AuthoringError(
        name,
        `“${mistake.name}” replaces ${JSON.stringify(from)}, which occurs ${found} times in ${mistake.in}; it must occur once.`,
      )
    }
    edited = edited.replace(from, () => to)
  }
  return solution.slice(0, start) + edited + solution.slice(end)
}

/** Where the function that a mistake edits stands: from its `export` to the next one, or to the brace that closes it at the margin; a method at its own margin. */
function functionIn(solution: string, mistake: Mistake, name: string): { start: number; end: number } {
  const method = new RegExp(`^ {2}${mistake.in}\\(.*?^ {2}\\}`, 'ms').exec(solution)
  if (method) return { start: method.index, end: method.index + method[0].length }
  const head = new RegExp(`^export (async )?(function\\*? |const )${mistake.in}\\b`, 'm').exec(solution)
  if (!head)
    throw new AuthoringError(name, `“${mistake.name}” is in ${mistake.in}, which the solution does not export.`)
  const body = head.index + head[0].length
  const close = /^}.*$|^export /m.exec(solution.slice(body))
  const end = close ? body + close.index + (close[0].startsWith('}') ? close[0].length : 0) : solution.length
  return { start: head.index, end }
}
