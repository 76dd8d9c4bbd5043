// From outcomes to fragments: every state, in both languages, and nothing that a learner printed becomes markup.
import { type Cause, lessonOutcome, type TestOutcome } from '../runner/outcome'
import { differences, lessonFragments, taskFragment } from './result'

const passed: TestOutcome = {
  name: 'ones come out',
  task: 'ones',
  status: 'passed',
  score: 2,
  max_score: 2,
  message: '',
  duration_ms: 3,
}
const failed = (cause: Cause): TestOutcome => ({ ...passed, status: 'failed', score: 0, cause })
const wrong: Cause = {
  kind: 'wrong',
  expected: 'tensor([1., 1., 1., 1.])',
  received: 'tensor([ 1.,  5.,  9., 13.])',
  difference: '',
  why: 'It was added to what `x.grad` held.',
  given: ['tensor([0.2500])'],
}
const place = { file: 'exercises/03-zero-grad.ts', line: 2, column: 9 }
const error: Cause = { kind: 'exception', message: 'TypeError: no <b>', hint: 'Something is null.', place }
const notStarted: TestOutcome = {
  ...passed,
  status: 'not-started',
  score: 0,
  message: 'Not started: return ones',
  place: { ...place, line: 7 },
}
const showing = { language: 'en', link: () => 'editor://open?file=a&line=2' } as const

test('a task that passes is one quiet line', () => {
  const { state, verdict, result } = taskFragment('ones', [passed, passed], showing)
  expect(state).toBe('passed')
  expect(verdict).toContain('<b>Passed</b><span class="pts">4 / 4</span>')
  expect(result).toBe('<p class="good">Both checks pass.</p>')
})

test('a wrong answer shows what was expected, what was printed with its differences, the input, and why', () => {
  const { state, result } = taskFragment('ones', [failed(wrong)], showing)
  expect(state).toBe('failed')
  expect(result).toContain('<dt>expected</dt><dd>tensor([1., 1., 1., 1.])</dd>')
  expect(result).toContain(
    '<dt>printed</dt><dd>tensor([ 1.,  <mark>5.</mark>,  <mark>9.</mark>, <mark>13.</mark>])</dd>',
  )
  expect(result).toContain('<dt>input</dt><dd>tensor([0.2500])</dd>')
  expect(result).toContain('It was added to what <code>x.grad</code> held.')
})

test('an error shows its message, the place as a link, the lines around it, and the hint', () => {
  const source = 'line one\n  const a = null\n'
  const { state, result } = taskFragment('ones', [failed(error), passed], { ...showing, source })
  expect(state).toBe('error')
  expect(result).toContain('<b>TypeError</b> no &lt;b&gt;')
  expect(result).toContain(
    '<a class="open" href="editor://open?file=a&amp;line=2"><code>exercises/03-zero-grad.ts:2</code></a>',
  )
  expect(result).toContain('<span class="ln at"><i>2</i>  const <u>a</u> = null</span>')
  expect(result).toContain('Something is null.')
})

test('without a link, and without a source, a place is text', () => {
  const { result } = taskFragment('ones', [failed(error)], { language: 'en' })
  expect(result).toContain('<code>exercises/03-zero-grad.ts:2</code>')
  expect(result).not.toContain('<a ')
  expect(result).not.toContain('class="frame"')
})

test('a task that is not started says where it begins and what to do', () => {
  const { state, result } = taskFragment('ones', [notStarted], showing)
  expect(state).toBe('todo')
  expect(result).toContain('It begins at <a class="open"')
  expect(result).toContain('exercises/03-zero-grad.ts:7')
  expect(result).toContain('Return ones.')
})

test('an endless task is stopped, and the tasks after it were not run', () => {
  const endless = failed({ kind: 'endless', message: 'The condition never becomes false.', place })
  expect(taskFragment('ones', [endless], showing).verdict).toContain('Stopped')
  expect(taskFragment('ones', [{ ...passed, status: 'not-run', score: 0 }], showing)).toMatchObject({ state: 'notRun' })
})

test('more checks that failed are folded', () => {
  const { result } = taskFragment('ones', [failed(wrong), { ...failed(error), name: 'a second one' }], showing)
  expect(result).toContain('<summary><b>1 more check</b> <span>failed too</span></summary>')
  expect(result.indexOf('A second one')).toBeGreaterThan(result.indexOf('<details'))
})

test('the bar names the first task that went wrong before one that is not started', () => {
  const outcome = lessonOutcome('03-zero-grad', [
    { ...notStarted, task: 'first' },
    { ...failed(wrong), task: 'second' },
  ])
  const { summary, announcement } = lessonFragments(outcome, showing)
  expect(summary).toContain('<b>0</b> / 4')
  expect(summary).toContain('href="#second"')
  expect(announcement).toBe('0 of 4 points. First to fix second.')
})

test('a lesson that passes is a tick in the contents, and the bar says so', () => {
  const { summary, mark, tasks } = lessonFragments(lessonOutcome('03-zero-grad', [passed]), showing)
  expect(summary).toContain('Every task passes')
  expect(mark).toContain('aria-label="Passed"')
  expect(tasks[0]?.mark).toContain('aria-label="Passed"')
})

test('what keeps a whole file from being graded is told once, above the tasks', () => {
  const broken = failed({
    kind: 'feedback',
    message: 'The file is empty.',
    scope: 'lesson',
    place: { file: place.file },
  })
  const { trouble, tasks } = lessonFragments(
    lessonOutcome('03-zero-grad', [broken, { ...broken, task: 'other' }]),
    showing,
  )
  expect(trouble).toContain('The file is empty.')
  expect(tasks.map(({ state }) => state)).toEqual(['error', 'error'])
  expect(tasks.map(({ result }) => result.includes('The file is empty.'))).toEqual([false, false])
})

test('in Chinese the kit speaks Chinese, and what is still English is marked as such', () => {
  const { verdict, result } = taskFragment('ones', [failed(wrong)], { language: 'zh' })
  expect(verdict).toContain('<b>未通过</b>')
  expect(result).toContain('<dt>期望</dt>')
  expect(result).toContain('<p class="why" lang="en">')
})

test('nothing that a learner wrote, printed or threw becomes markup', () => {
  const bad = '<img src=x onerror=alert(1)>"\'&'
  const causes: Cause[] = [
    { kind: 'wrong', expected: bad, received: bad.replace('x', 'y'), difference: bad, why: bad, given: [bad] },
    { kind: 'exception', message: `Error: ${bad}`, hint: bad, place: { file: bad, line: 1, column: 1 } },
    { kind: 'feedback', message: bad, scope: 'test', place: { file: bad } },
    { kind: 'endless', message: bad, place: { file: bad, line: 1 } },
  ]
  for (const cause of causes) {
    const outcome = { ...lessonOutcome('03', [{ ...failed(cause), name: bad, task: bad }], bad), cause }
    const fragments = lessonFragments(outcome, { language: 'zh', source: bad, link: () => bad })
    const html = [
      fragments.trouble,
      fragments.printed,
      fragments.summary,
      ...fragments.tasks.flatMap((task) => [task.verdict, task.result, task.mark]),
    ].join('')
    expect(html).not.toMatch(/<img|="[^"]*<|'x|onerror="/)
    expect(html).toContain('&lt;img')
  }
})

test.each([
  ['tensor(2.)', 'tensor(2.)', 'tensor(2.)'],
  [
    'tensor(2.)',
    'tensor(2., grad_fn=<MulBackward0>)',
    'tensor(2.<mark>,</mark> <mark>grad_fn</mark><mark>=</mark><mark>&lt;MulBackward0&gt;</mark>)',
  ],
  ['True', 'False', '<mark>False</mark>'],
  ['tensor([1., 2.])', 'tensor([-1., 2.])', 'tensor([<mark>-1.</mark>, 2.])'],
])('where %s was expected, the differences of %s are marked', (expected, received, marked) => {
  expect(differences(expected, received)).toBe(marked)
})
