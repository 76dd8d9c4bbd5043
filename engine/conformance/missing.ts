// Names that the engine doesn't have: told apart from disagreements, and listed.

/** Thrown where a replay needs a name that the engine lacks. */
export class Missing extends Error {
  constructor(readonly missing: string) {
    super(`the engine has no ${missing}`)
  }
}

/** The member of `owner` called `name`. */
export function member(owner: unknown, name: string): unknown {
  if (owner === null || owner === undefined || !(name in Object(owner))) throw new Missing(name)
  return (owner as Record<string, unknown>)[name]
}

/** The method of `owner` with that dotted name, bound to its holder. */
export function method(owner: unknown, dotted: string): (...args: unknown[]) => unknown {
  const path = dotted.split('.')
  const name = path.pop()!
  try {
    const holder = path.reduce(member, owner)
    const callee = member(holder, name) as (...args: unknown[]) => unknown
    return callee.bind(holder)
  } catch (error) {
    throw error instanceof Missing ? new Missing(dotted) : error
  }
}

/** `bmm (12 uses)`, sorted: how tests list what is missing. */
export function countNames(names: Iterable<string>): string[] {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => `${name} (${count})`).sort()
}
