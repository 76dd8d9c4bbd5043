// Derives a stub from its solution: what stands between `// #region todo: …` and `// #endregion` becomes a line that throws.

import { Misuse } from './course'

/** An author's file that can't be used: says which, and what to do. */
export class AuthoringError extends Misuse {
  override name = 'AuthoringError'
  constructor(
    readonly where: string,
    readonly what: string,
  ) {
    super(`${where}: ${what}`)
  }
}

const opening = /^([ \t]*)\/\/ #region todo: (.+?)\s*$/
const closing = /^[ \t]*\/\/ #endregion\s*$/

/** The stub of `solution`. Every region becomes `throw new Error('TODO: …')`, indented as its marker was. `name` is for error messages. */
export function deriveStub(solution: string, name: string): string {
  const stub: string[] = []
  let open: { line: number } | undefined
  let regions = 0
  for (const [i, line] of solution.split(/\r?\n/).entries()) {
    const begin = opening.exec(line)
    if (begin) {
      if (open)
        throw new AuthoringError(
          `${name}:${i + 1}`,
          `a region inside the region of line ${open.line}; end that one first.`,
        )
      open = { line: i + 1 }
      regions++
      stub.push(
        `${begin[1]}throw new Error('TODO: ${(begin[2] as string).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')`,
      )
    } else if (closing.test(line)) {
      if (!open) throw new AuthoringError(`${name}:${i + 1}`, `#endregion without a \`// #region todo: …\` before it.`)
      open = undefined
    } else if (!open) stub.push(line)
  }
  if (open) throw new AuthoringError(`${name}:${open.line}`, `this region has no \`// #endregion\`.`)
  if (regions === 0)
    throw new AuthoringError(name, `there is no \`// #region todo: …\`: the stub would be the solution.`)
  return stub.join('\n')
}
