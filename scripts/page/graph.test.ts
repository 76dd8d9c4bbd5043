// Graphs as pictures: what torch.draw gave, for a wide page and for a phone.
import * as torch from '../../engine'
import { type DrawingData, graphFigure, graphPicture } from './graph'
import { arrange } from './graphLayout'

function drawn(compute: (params: Record<string, torch.Tensor>) => torch.Tensor): DrawingData {
  const params: Record<string, torch.Tensor> = {}
  return JSON.parse(JSON.stringify(torch.draw(() => compute(params), { params })))
}

const twiceDot = (walk: boolean) =>
  drawn((params) => {
    const x = torch.arange(4).requires_grad_(true)
    const y = torch.dot(x, x).mul(2)
    Object.assign(params, { x, y })
    if (walk) y.backward()
    return y
  })

const count = (html: string, part: string) => html.split(part).length - 1

test('values stand in ink, gradients in accent, each gradient on a wire of its own, back', () => {
  const html = graphPicture(twiceDot(true), 'en')
  for (const text of ['>x<', '>leaf<', '>[0. 1. 2. 3.]<', '>DotBackward0<', '>14.<', '>MulBackward0<', '>28.<'])
    expect(count(html, text)).toBe(2)
  for (const gradient of ['[0. 4. 8. 12.]', '2.', '1.'])
    expect(html).toMatch(new RegExp(`class="grad[^"]*"[^>]*>${gradient.replace(/[[\].]/g, '\\$&')}<`))
  expect(count(html, 'class="edge"')).toBe(8)
  expect(count(html, 'class="edge back"')).toBe(8)
})

test('before a walk no gradient and no way back is drawn, and the caption does not speak of any', () => {
  const html = graphFigure(twiceDot(false), 'en')
  expect(html).not.toContain('edge back')
  expect(html).not.toContain('grad')
  expect(html).toContain('Values run with the arrows.')
})

test('the picture is told in words, too', () => {
  expect(graphPicture(twiceDot(true), 'zh')).toContain(
    'aria-label="计算图。 x [0. 1. 2. 3.], x [0. 1. 2. 3.] → DotBackward0 → 14.. 14. → MulBackward0 → y 28.. x.grad [0. 4. 8. 12.]. y.grad 1.."',
  )
})

test('a value that is used twice and has no name is a card, not a label on one of its wires', () => {
  const html = graphPicture(
    drawn(() => {
      const h = torch.tensor([1, 2], { requires_grad: true }).exp()
      return h.mul(h).sum()
    }),
    'en',
  )
  expect(count(html, '>[2.7183 7.3891]<')).toBe(2)
  expect(count(html, 'class="card"')).toBe(2 * 3)
})

test('rows of a matrix stand under each other; long rows keep their ends; what is too large is its shape', () => {
  const picture = (t: torch.Tensor) =>
    graphPicture(
      drawn(() => t.requires_grad_(true).sum()),
      'en',
    )
  expect(
    picture(
      torch.tensor([
        [1, 2],
        [3, 4],
      ]),
    ),
  ).toMatch(/>\[\[1\. 2\.\] <.*> \[3\. 4\.\]\]</)
  expect(picture(torch.arange(20))).toContain('[0. 1. … 19.]')
  expect(picture(torch.zeros([30, 40]))).toContain('>30 × 40<')
})

test('a graph that nobody could read is a sentence', () => {
  const long = drawn(() => {
    let y = torch.tensor(1, { requires_grad: true })
    for (let i = 0; i < 100; i++) y = y.mul(2)
    return y
  })
  expect(graphPicture(long, 'en')).toBe('<p class="too-large">The graph has 201 nodes: too many to draw.</p>')
})

test('a name can not become markup', () => {
  const x = torch.tensor(1, { requires_grad: true })
  const html = graphFigure(torch.draw(x.mul(2), { params: { '<img onerror="a">': x } }), 'en')
  expect(html).not.toContain('<img')
})

test.each(['right', 'down'] as const)(
  'going %s, a box stands before what is made of it, and wires begin and end at their boxes',
  (flow) => {
    const boxes = ['a', 'f', 'b'].map((id) => ({ id, kind: 'tensor' as const, name: id }))
    const wires = [
      { from: 'a', to: 'f', back: true },
      { from: 'a', to: 'f', back: true },
      { from: 'f', to: 'b', back: false, value: ['14.'] },
    ]
    const layout = arrange(boxes, wires, flow)
    const along = layout.boxes.map((box) => (flow === 'right' ? box.x : box.y))
    expect(along).toEqual([...along].sort((p, q) => p - q))
    const [a, f] = layout.boxes as [(typeof layout.boxes)[0], (typeof layout.boxes)[0]]
    const ends = layout.wires.slice(0, 2).map(({ path }) => path.match(/-?[\d.]+/g)!.map(Number))
    for (const numbers of ends) {
      const [first, last] = flow === 'right' ? [numbers[0], numbers.at(-2)] : [numbers[1], numbers.at(-1)]
      const edge = flow === 'right' ? a.x + a.width : a.y + a.height
      expect(first).toBeCloseTo(edge, 0)
      expect(last).toBeCloseTo(flow === 'right' ? f.x : f.y, 0)
    }
    expect(ends[0]).not.toEqual(ends[1])
  },
)

test('a gradient that was added to shows the addition: what was held, what came, and over a line the sum', () => {
  const x = torch.tensor([0, 1], { requires_grad: true })
  x.mul(x).sum().backward()
  const drawing = torch.draw(
    () => {
      const y = x.sum()
      y.backward()
      return y
    },
    { params: { x } },
  )
  const html = graphPicture(
    { ...drawing, additions: { x: { held: 'tensor([0., 2.])', added: 'tensor([1., 1.])' } } },
    'en',
  )
  const texts = [...html.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)
  expect(texts.slice(0, 10)).toEqual([
    'x',
    'leaf',
    'value',
    '[0. 1.]',
    'held',
    '[0. 2.]',
    'added',
    '[1. 1.]',
    'grad',
    '[1. 3.]',
  ])
  expect(html).toMatch(/>held<.*class="line".*>grad</)
})
