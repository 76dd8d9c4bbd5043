// Lessons and translations: what `npm run new` writes is right, and each thing that may be wrong is named with its line.
import { writeFileSync } from 'node:fs'
import type { Course } from '../course'
import { digest, textOf } from '../state'
import { checkTexts, stamped } from './texts'
import { type LessonEdits, replacing, tinyCourse, writeIn } from './tinyCourse'

const problemsOf = (course: Course) => checkTexts(course).problems.map(({ where, message }) => `${where} ${message}`)
const problems = (edits: LessonEdits) => problemsOf(tinyCourse({ '01-twice': edits }))
/** The same edit in both languages, where the translation is made from the edited text. */
const both = (edit: (text: string) => string): LessonEdits => ({ en: edit, zh: edit })

test('a new lesson has no problem', () => {
  expect(checkTexts(tinyCourse()).problems).toEqual([])
  expect(checkTexts(tinyCourse()).checked).toBeGreaterThan(1)
})

const hint3 = /<details><summary>[^<]*3<\/summary>.*<\/details>\n/
const wrong: [string, LessonEdits, RegExp[]][] = [
  [
    'a task that the solution does not export',
    both(replacing('`twice(x)`', '`thrice(x)`')),
    [
      /^lessons\/01-twice\.md has the tasks thrice, but solutions\/01-twice\.ts exports twice: they must be the same, in the same order\.$/,
    ],
  ],
  [
    'a solution without its task',
    { solution: (text) => `${text}\nexport const more = () => 1\n` },
    [/exports twice, more: they must be the same/],
  ],
  [
    'a method to fill in without its task, but not one that is given',
    {
      solution: (text) =>
        `${text}\nexport class Pair {\n  sum(): number {\n    // #region todo: add up\n    return 1\n    // #endregion\n  }\n\n  given(): number {\n    return 2\n  }\n}\n`,
    },
    [/exports twice, sum: they must be the same/],
  ],
  [
    'a task with a wrong number',
    both(replacing('### 1.', '### 2.')),
    [/^lessons\/01-twice\.md:\d+ task twice should be number 1\.$/],
  ],
  [
    'mathematics that can not be read',
    both((text) => text.replace('## ', 'So $x^{2$ it is.\n\n## ')),
    [
      /^lessons\/01-twice\.md can't be made into a page: the formula x\^\{2 can't be read: KaTeX parse error.*\.$/,
      /^lessons\/zh\/01-twice\.md can't be made into a page: the formula/,
    ],
  ],
  [
    'a plain < in a hint',
    { en: (text) => text.replace(/(<summary>Hint 1<\/summary>)/, '$1<code>Map<A, B></code>') },
    [
      /^lessons\/01-twice\.md can't be made into a page: the tag <A, B> can't stand in a lesson \(a plain < is written &lt;\)/,
    ],
  ],
  [
    'too few hints',
    both((text) => text.replace(hint3, '')),
    [/^lessons\/01-twice\.md:\d+ task twice has 2 hints; three are needed, each giving more away\.$/],
  ],
  [
    'a translation with fewer hints',
    { zh: (text) => text.replace(hint3, '') },
    [/^lessons\/zh\/01-twice\.md:\d+ task twice has 2 hints, but 3 in lessons\/01-twice\.md\.$/],
  ],
  [
    'a translation with other code',
    { zh: replacing('x.mul(2)', 'x.mul(3)') },
    [
      /^lessons\/zh\/01-twice\.md:8 has other code than lessons\/01-twice\.md:8; the code is shared, only prose is translated\.$/,
    ],
  ],
  [
    'a translation that prints something else',
    { zh: replacing('6.]', '7.]') },
    [/^lessons\/zh\/01-twice\.md:8 prints something else than lessons\/01-twice\.md:8\.$/],
  ],
  [
    'a translation without a cell',
    { zh: (text) => text.replace(/```ts[^`]*```\n/, '') },
    [
      /^lessons\/zh\/01-twice\.md:7 this `text` block would never be checked/,
      /^lessons\/zh\/01-twice\.md has 0 code cells, but lessons\/01-twice\.md has 1\.$/,
      /has 1 figures, but lessons\/01-twice\.md has 0/,
    ],
  ],
  [
    'a translation without the task',
    { zh: (text) => text.replace(/### 1[\s\S]*?## /, '## ') },
    [/^lessons\/zh\/01-twice\.md has 0 tasks, but lessons\/01-twice\.md has 1\.$/],
  ],
  [
    'a translation with another task',
    { zh: replacing('`twice(x)`', '`thrice(x)`') },
    [/^lessons\/zh\/01-twice\.md:\d+ has the task thrice where lessons\/01-twice\.md has twice\.$/],
  ],
  [
    'a figure that differs',
    {
      en: (text) => `${text}\n\`\`\`\nx\n\`\`\`\n`,
      zh: (text) => `${text}\n\`\`\`\ny\n\`\`\`\n${text.slice(text.lastIndexOf('<!--'))}`,
    },
    [/^lessons\/zh\/01-twice\.md has a figure that differs from the one in lessons\/01-twice\.md\.$/],
  ],
  [
    'a translation without a stamp',
    { zh: (text) => text.replace(/<!-- translated.*\n/, '') },
    [
      /^lessons\/zh\/01-twice\.md does not say which English text it was made from\. Read both, bring it up to date, then `npm run check -- --translated 01`\.$/,
    ],
  ],
  [
    'a stale stamp',
    { zh: (text) => text.replace(/from [0-9a-f]{16}/, `from ${digest('an older text')}`) },
    [/^lessons\/zh\/01-twice\.md was made from an older lessons\/01-twice\.md\. Read both/],
  ],
  [
    'a dead link',
    { en: (text) => `${text}\n[a](nowhere.md)\n` },
    [/^lessons\/01-twice\.md:\d+ the link nowhere\.md leads nowhere\.$/],
  ],
  [
    'a dead picture in HTML',
    { en: (text) => `${text}\n<img src="assets/a%20b.svg">\n` },
    [/^lessons\/01-twice\.md:\d+ the link assets\/a%20b\.svg leads nowhere\.$/],
  ],
  [
    'a dead link in a translation',
    { zh: (text) => `[a](nowhere.md)\n\n${text}` },
    [/^lessons\/zh\/01-twice\.md:1 the link nowhere\.md leads nowhere\.$/],
  ],
  [
    'a link that no address is',
    { en: (text) => `${text}\n[a](https://)\n` },
    [/the link https:\/\/ is not an address\.$/],
  ],
  [
    'a link with a wrong escape',
    { en: (text) => `${text}\n<a href="%zz.md">a</a>\n` },
    [/the link %zz\.md leads nowhere\.$/],
  ],
  [
    'code that nothing runs',
    both((text) => text.replace('```ts\n', '```typescript\n')),
    [
      /^lessons\/01-twice\.md:7 this `typescript` block would never be checked/,
      /^lessons\/01-twice\.md:13 this `text` block/,
      /^lessons\/zh\/01-twice\.md:7/,
      /^lessons\/zh\/01-twice\.md:13/,
    ],
  ],
]

test.each(wrong)('%s', (_, edits, expected) => {
  const found = problems(edits)
  expect(found).toHaveLength(expected.length)
  for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern)
})

test('links that lead somewhere are right: files with spaces, parts of pages, addresses', () => {
  const links = [
    '../exercises/01-twice.ts',
    'zh/01-twice.md#练习',
    '#tasks',
    'https://pytorch.org/docs',
    'mailto:a@b.c',
    'a%20b.svg',
  ]
  const course = tinyCourse({
    '01-twice': { en: (text) => `${text}\n${links.map((link) => `[a](${link})`).join(' ')}\n` },
  })
  writeIn(course, 'lessons/a b.svg', '')
  expect(problemsOf(course)).toEqual([])
})

test('an edit of the English text makes the translation stale; a new stamp makes it current', () => {
  const course = tinyCourse()
  const { en, zh } = course.files('01-twice').text
  writeFileSync(en, `${textOf(en)}One sentence more.\n`)
  expect(problemsOf(course)).toEqual([expect.stringContaining('was made from an older lessons/01-twice.md')])
  writeFileSync(zh, stamped(textOf(zh), textOf(en)))
  expect(problemsOf(course)).toEqual([])
})

test('line ends of Windows are no new text, and a stamp is replaced, not added', () => {
  const course = tinyCourse()
  const { en, zh } = course.files('01-twice').text
  for (const path of [en, zh]) writeFileSync(path, textOf(path).replaceAll('\n', '\r\n'))
  expect(problemsOf(course)).toEqual([])
  expect(stamped(textOf(zh), textOf(en)).match(/translated from/g)).toHaveLength(1)
})
