// No lesson needs a later one: its cells and its solution use of the engine only what the lessons up to it have named.
import { join, sep } from 'node:path'
import ts from 'typescript'
import type { Course } from '../course'
import { readLesson } from '../lessonText'
import { textOf } from '../state'
import { cellProgram } from './cellProgram'
import { type Finding, finding, type Problem } from './problem'

/** A name of the engine where a lesson's code uses it. */
interface Use {
  name: string
  line: number
}

/**
 * What a lesson has introduced is read off the lessons: the names that stand in their text as code, and for the solution those in their
 * cells as well. All uses are found by TypeScript, also on branches that a run would not take.
 */
export function checkSurface(course: Course): Finding {
  const { program, cells, solutions } = cellProgram(course)
  const checker = program.getTypeChecker()
  const engine = `${join(course.root, 'engine')}${sep}`.replaceAll('\\', '/')
  const introduced = new Set<string>()
  const problems: Problem[] = []
  let checked = 0
  const judge = (where: string, uses: Use[], remedy: (name: string) => string) => {
    const unknown = new Map(uses.filter(({ name }) => !introduced.has(name)).map((use) => [use.name, use]))
    for (const { name, line } of unknown.values()) problems.push({ where: `${where}:${line}`, message: remedy(name) })
  }
  for (const stem of course.stems) {
    const { text, solution } = course.files(stem)
    for (const name of readLesson(textOf(text.en)).names) introduced.add(name)
    const inCells = usesOf(cells.get(stem), checker, engine)
    const inSolution = usesOf(solutions.get(stem), checker, engine)
    judge(
      course.show(text.en),
      inCells,
      (name) =>
        `this cell uses \`${name}\`, which no lesson up to ${stem} names in its text: say what it is, or do without.`,
    )
    for (const { name } of inCells) introduced.add(name)
    judge(
      course.show(solution),
      inSolution,
      (name) => `uses \`${name}\`, which no lesson up to ${stem} has shown: introduce it there, or do without.`,
    )
    checked += inCells.length + inSolution.length
  }
  return finding(checked, problems)
}

/** The properties of the engine's objects, and of the options that its functions take, that a file uses. */
function usesOf(file: ts.SourceFile | undefined, checker: ts.TypeChecker, engine: string): Use[] {
  const uses: Use[] = []
  if (!file) return uses
  const note = (node: ts.Node, symbol: ts.Symbol | undefined) => {
    if (!isOfTheEngine(symbol, engine)) return
    uses.push({ name: node.getText(file), line: file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1 })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) note(node.name, checker.getSymbolAtLocation(node.name))
    if (ts.isObjectLiteralExpression(node)) {
      const expected = checker.getContextualType(node)
      for (const { name } of node.properties)
        if (name && ts.isIdentifier(name)) note(name, expected && optionOf(expected, name.text))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return uses
}

/** A property of what a call expects, which may be one of several things. */
function optionOf(expected: ts.Type, name: string): ts.Symbol | undefined {
  const types = expected.isUnion() ? expected.types : [expected]
  return types.map((type) => type.getProperty(name)).find(Boolean)
}

/** Whether a symbol is declared in the engine, which stands in the course's own folder, or is linked there. */
function isOfTheEngine(symbol: ts.Symbol | undefined, folder: string): boolean {
  return (symbol?.declarations ?? []).some((declaration) => declaration.getSourceFile().fileName.startsWith(folder))
}
