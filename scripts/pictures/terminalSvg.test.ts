// What a command printed, as a picture: each ink at its column, nothing that could become markup.
import { terminalSvg } from './terminalSvg'

const texts = (printed: string) =>
  [
    ...terminalSvg(printed, 'T').matchAll(
      /<text x="([\d.]+)" y="(\d+)"[^>]*?(?: class="(\w+)")? xml[^>]*>(.*?)<\/text>/g,
    ),
  ].map(([, x, y, ink, text]) => [Math.round((Number(x) - 22) / 8.43), Number(y), ink, text])

test('a piece of a line has its ink, and begins at its column, after Chinese too', () => {
  expect(texts('\u001b[31m⊗\u001b[39m 梯度 \u001b[1mnow\u001b[22m\n\n  a <b>')).toEqual([
    [0, 36, 'signal', '⊗'],
    [1, 36, undefined, ' 梯度 '],
    [7, 36, 'strong', 'now'],
    [0, 76, undefined, '  a &lt;b&gt;'],
  ])
})

test('the picture is as large as what it shows', () => {
  expect(terminalSvg('12345\n1\n1', 'T')).toContain('viewBox="0 0 87 104"')
})
