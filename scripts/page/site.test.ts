// Addresses of the site: relative, from either language to either, and never out of what is meant.
import { join } from 'node:path'
import { openCourse } from '../course'
import { pictureData } from './pictures'
import { linkFrom, pageHref, partsOf } from './site'

const course = openCourse()

test.each([
  ['en', 'en', '03-zero-grad', '03-zero-grad.html'],
  ['en', 'zh', '03-zero-grad', 'zh/03-zero-grad.html'],
  ['zh', 'en', '03-zero-grad', '../03-zero-grad.html'],
  ['zh', 'zh', undefined, 'index.html'],
] as const)('from a page in %s to one in %s', (from, to, stem, address) => {
  expect(pageHref(from, to, stem)).toBe(address)
})

test.each([
  ['02-backward.md#s1', '02-backward.html#s1'],
  ['zh/02-backward.md', 'zh/02-backward.html'],
  ['https://d2l.ai/', 'https://d2l.ai/'],
  ['../engine/README.md', undefined],
  ['99-nowhere.md', undefined],
  ['javascript:alert(1)', undefined],
])('a link of an English lesson to %s', (target, address) => {
  expect(linkFrom(course, 'en')(target)).toBe(address)
})

test('from a Chinese lesson, the English one and the kit have their addresses too', () => {
  const link = linkFrom(course, 'zh', 'https://example.org/kit')
  expect(link('../02-backward.md')).toBe('../02-backward.html')
  expect(link('../../engine/README.md')).toBe('https://example.org/kit/blob/HEAD/engine/README.md')
  expect(link('../../../elsewhere.md')).toBeUndefined()
})

test('the parts of the course hold every lesson once', () => {
  expect(partsOf(course).flatMap(({ stems }) => stems)).toEqual(course.stems)
})

test('a picture is carried by its page; what is no picture of the kit is refused', () => {
  const lesson = course.files('03-zero-grad').text.zh
  expect(pictureData(course.root, lesson, '../assets/verdict.svg')).toMatch(/^data:image\/svg\+xml;base64,PHN2Z/)
  for (const target of ['../../../../etc/passwd', '../../package.json', '../../../x.svg'])
    expect(() => pictureData(join(course.root), lesson, target)).toThrow("can't be shown")
  expect(() => pictureData(course.root, lesson, '../assets/none.svg')).toThrow('is not there')
})
