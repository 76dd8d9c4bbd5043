// The documents outside lessons/ are given dead links and lists of lessons that are out of date.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCourse } from '../course'
import { checkDocuments, fixContents } from './documents'
import { tinyCourse, writeIn } from './tinyCourse'

test('the documents must be there, and their links lead somewhere', () => {
  const { root } = tinyCourse()
  const course = openCourse(root)
  const names = ['README.md', 'README.zh.md', 'CONTRIBUTING.md']
  for (const name of names) writeIn(course, name, '[the lessons](lessons/01-twice.md)\n')
  const seen = checkDocuments(course).problems.filter(({ where }) => !where.startsWith('engine/'))
  expect(seen).toEqual([])
  writeIn(course, 'README.md', '\n[the lessons](lessons/99-none.md)\n')
  expect(checkDocuments(course).problems).toContainEqual({
    where: 'README.md:2',
    message: 'the link lessons/99-none.md leads nowhere.',
  })
})

test('the lists of lessons follow the lessons, in each language', () => {
  const course = tinyCourse({ '01-twice': {}, '02-thrice': {} })
  const readme = join(course.root, 'README.zh.md')
  writeFileSync(readme, '# 目录\n\n<!-- lessons -->\n- 旧的\n<!-- /lessons -->\n\n之后\n')
  const stale = { where: 'README.zh.md', message: expect.stringContaining('--fix') }
  expect(checkDocuments(course).problems).toContainEqual(stale)
  expect(fixContents(course)).toEqual(['README.zh.md lists the lessons anew'])
  expect(readFileSync(readme, 'utf8')).toBe(
    '# 目录\n\n<!-- lessons -->\n- [01 · twice](lessons/zh/01-twice.md)\n- [02 · thrice](lessons/zh/02-thrice.md)\n<!-- /lessons -->\n\n之后\n',
  )
  expect(checkDocuments(course).problems).not.toContainEqual(stale)
})
