// A document for readers who have less than the whole kit.
import { posix } from 'node:path'

/** What they have: files by path, and commands. */
export interface Has {
  paths: string[]
  verbs: string[]
}

/** Paragraphs, with the empty line after them, or a part of one. */
const kitOnly = /<!-- whole kit -->(?:\n[\s\S]*?<!-- \/whole kit -->\n\n?|[\s\S]*?<!-- \/whole kit -->)/g
const command = /^(?:\| `|npm ci && )npm run (\w+)/
const link = /\[([^\]]*)\]\(([^)#\s]+)[^)]*\)/g

/** Without passages that are marked as about the whole kit, without lines for commands that are not there, and with links to missing files as plain words. */
export function documentFor(text: string, path: string, { paths, verbs }: Has): string {
  const leads = (target: string) => {
    const wanted = posix.join(posix.dirname(path), target)
    return /^[a-z]+:/.test(target) || paths.some((each) => each === wanted || each.startsWith(posix.join(wanted, '/')))
  }
  const isThere = (line: string) => {
    const verb = command.exec(line)?.[1]
    return verb === undefined || verbs.includes(verb)
  }
  const lines = text.replace(kitOnly, '').split('\n').filter(isThere)
  return lines.join('\n').replace(link, (whole, words, target) => (leads(target) ? whole : words))
}
