// What a lesson's suite and stub say to the learner: read off their source, so that a translation can be held to it.
import ts from 'typescript'
import { pointsOf } from '../runner/outcome'

/** What stands in a suite and in its stub, as keys of a catalog: `{1}` stands for what is inserted first. */
export interface Said {
  /** The titles of the tests, the sentences of the feedback and the todos: a catalog has them all. */
  sentences: string[]
  /** Every other text: a catalog has those that are inserted into sentences. */
  phrases: string[]
}

export function saidBy(suite: string, solution: string): Said {
  const file = ts.createSourceFile('suite.ts', suite, ts.ScriptTarget.ES2022, true)
  const [sentences, phrases] = [new Set<string>(), new Set<string>()]
  const visit = (node: ts.Node): void => {
    const text = textOf(node)
    if (text !== undefined && isTitle(node)) sentences.add(pointsOf(text).name)
    else if (text !== undefined) (isSentence(text) && !isName(node) ? sentences : phrases).add(text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  for (const [, todo] of solution.matchAll(/^[ \t]*\/\/ #region todo: (.+?)\s*$/gm)) sentences.add(todo as string)
  return { sentences: [...sentences], phrases: [...phrases] }
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (!ts.isTemplateExpression(node)) return undefined
  return node.head.text + node.templateSpans.map((span, i) => `{${i + 1}}${span.literal.text}`).join('')
}

function isTitle({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && /^test\b/.test(parent.expression.getText()) && parent.arguments.length > 1
}

/** Words that end as a sentence does, and are not what PyTorch says. */
function isSentence(text: string): boolean {
  return (
    /[a-z]{2,}/.test(text) && /\S \S+ \S/.test(text) && /[.?!:]\)?$/.test(text) && !/^\w+(Error|Warning): /.test(text)
  )
}

/** The text of a wrong answer, by which words are found, or the name of a module. */
function isName(node: ts.Node): boolean {
  const { parent } = node
  return (
    (ts.isPropertyAssignment(parent) && parent.name === node) ||
    ts.isComputedPropertyName(parent) ||
    ts.isImportDeclaration(parent)
  )
}
