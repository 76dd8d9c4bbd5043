// Lessons as HTML: mathematics, cells, tasks with their hints, and nothing that could become a script.
import { renderLesson } from './lessonHtml'

const render = (source: string, more = {}) =>
  renderLesson(source, '03', {
    language: 'en',
    link: (target) => (target.startsWith('gone') ? undefined : target),
    image: (target) => `data:${target}`,
    ...more,
  })

test('the sentences at the head and at the end of a lesson stand elsewhere on the page', () => {
  const lesson = render(
    '# 03 · Zeroing\n\n**Before:** 02-backward. **After:** you know `zero_grad`. *About 20 minutes.*\n\nText.\n\n**Next:** 04-vector-loss. What if?\n\n<!-- translated from 1 -->\n',
  )
  expect(lesson).toMatchObject({ title: 'Zeroing', before: '02-backward', time: 'About 20 minutes', next: 'What if?' })
  expect(lesson.after).toBe('you know <code>zero_grad</code>.')
  expect(lesson.body.trim()).toBe('<p>Text.</p>')
})

test('a ts block is a cell, and the text block after it is what it prints', () => {
  const { body } = render('```ts\nconst a = 1 // one\n```\n```text\n1 < 2\n```\n\n```\nfigure <>\n```\n')
  expect(body).toContain('<span class="hljs-keyword">const</span>')
  expect(body).toContain('<samp>1 &lt; 2</samp>')
  expect(body).toMatch(/<pre class="figure"[^>]*>figure &lt;&gt;\n<\/pre>/)
})

test('a cell that prints nothing has a place where its output will be', () => {
  expect(render('```ts\nconst a = 1\n```\n').body).toMatch(/<pre class="out"[^>]* hidden><samp><\/samp>/)
})

test('mathematics in a line and by itself becomes KaTeX; a price in dollars does not', () => {
  const { body } = render('It is $4x$, and costs $5 or $6.\n\n$$ x^2 $$\n')
  expect(body.match(/class="katex"/g)).toHaveLength(2)
  expect(body).toContain('costs $5 or $6.')
  expect(body).toContain('<div class="equation"')
})

test.each(['$\\frac{1}$', '$$ \\nope $$', 'so $x^{2$ it is'])(
  'bad mathematics is an error that quotes it: %s',
  (source) => {
    expect(() => render(source)).toThrow(/the formula .* can't be read/)
  },
)

test('the mark after a formula of one piece stays with it; a longer formula may break', () => {
  const { body } = render('So $v$. And $a + b$, (with $c$).\n')
  expect(body.match(/<span class="closed">/g)).toHaveLength(2)
  expect(body).toMatch(/<span class="closed"><span class="katex">.*?<\/span>\.<\/span> And <span class="katex">/s)
  expect(body).toMatch(/<\/span>\)\.<\/span><\/p>\n$/)
})

test('a footnote is a note at its place, with its mathematics and code, and no list of notes stands at the end', () => {
  const { body } = render(
    'Twice.[^1] Once.\n\n[^1]: By `add`, $x$.\n\n## More\nText.[^b]\n\n[^b]: See [it](02-b.md).\n',
  )
  expect(body).toMatch(
    /Twice\.<label class="ref" for="note-1">1<\/label><input class="vh" type="checkbox" id="note-1" aria-label="Note 1"><span class="note" role="note">.*?By <code>add<\/code>, .*?<span class="katex">.*?<\/span> Once\.<\/p>\n<h2/s,
  )
  expect(body).toMatch(/id="note-2".*?See <a href="[^"]*">it<\/a>\.<\/span><\/p>\n$/s)
})

test('a task is a section with a place for its result before its hints', () => {
  const { body, tasks } = render(
    '### 2. `sum(x, y)`\nAdd.\n\n<details><summary>Hint 1</summary>Look &lt; <code>x</code>.</details>\n<details><summary>Hint 2</summary>Idea.</details>\n\n## Try\nMore.\n',
    { result: () => ({ verdict: 'V', result: 'R', state: 'failed' }) },
  )
  expect(tasks).toEqual(['sum'])
  expect(body).toContain('<section class="task" id="sum" data-task="sum" data-state="failed"')
  expect(body).toContain('<span class="num">3.2</span><code>sum(<wbr>x, y)</code>')
  expect(body.indexOf('<div class="result" data-task="sum">R</div>')).toBeLessThan(body.indexOf('<div class="hints">'))
  expect(body).toContain('<summary><b>Hint 1</b> <span>where to look</span></summary><p>Look &lt; <code>x</code>.</p>')
  expect(body.indexOf('</section>')).toBeLessThan(body.indexOf('<h2'))
  expect(body.match(/<div/g)?.length).toBe(body.match(/<\/div>/g)?.length)
})

test('a hint over several paragraphs, with code in it, stays one hint', () => {
  const { body } = render(
    '### 1. `f(x)`\nText.\n\n<details><summary>Hint 1</summary>\n\nFirst $x$.\n\n```ts\nf(1)\n```\n\n</details>\n<details><summary>Hint 2</summary>Two.</details>\n',
  )
  expect(body.match(/<div class="hints">/g)).toHaveLength(1)
  expect(body).not.toContain('class="cell"')
  expect(body).toMatch(/<details>.*f\(1\).*<\/details>\n<details>/s)
})

test.each([
  '<script>alert(1)</script>',
  'text <img src=x onerror=alert(1)> text',
  '<details onclick="x()"><summary>Hint 1</summary>a</details>',
  '<a href="there.md" onclick="x()">a</a>',
  '<svg onload=alert(1)>',
])('markup that is not of a lesson is refused: %s', (source) => {
  expect(() => render(source)).toThrow(/the tag .* can't stand in a lesson/)
})

test('a link that carries code stays text, and a link that leads nowhere keeps its words', () => {
  expect(render('[a](javascript:alert(1)) [b](gone.md) [c](there.md)\n').body).toBe(
    '<p>[a](javascript:alert(1)) b <a href="there.md">c</a></p>\n',
  )
})

test('the search gets the text under each heading, and the tasks', () => {
  const { sections } = render('# 03 · T\n\nIntro.\n\n## Why `add`?\nBecause $x$.\n\n### 1. `f(x)`\nDo it.\n')
  expect(sections.map(({ id, heading, text }) => [id, heading, text.trim()])).toEqual([
    ['', 'T', 'Intro.'],
    ['s1', 'Why add?', 'Because x.'],
    ['f', 'f(x)', 'Do it.'],
  ])
})

test('links and pictures of a hint are those of the site', () => {
  const { body } = render(
    '<details><summary>Hint 1</summary><a href="there.md">a</a> <a href="gone.md">b</a> <img src="c.svg" alt="d"></details>\n\n![e](f.svg)\n',
  )
  expect(body).toContain('<a href="there.md">a</a> <a>b</a> <img src="data:c.svg" alt="d">')
  expect(body).toContain('<img src="data:f.svg" alt="e">')
})

test('a table says which cells are headings; an empty corner is none', () => {
  const { body } = render('| | x |\n|---|---|\n| one | `[n]` |\n')
  expect(body).toContain('<td></td>\n<th scope="col">x</th>')
})
