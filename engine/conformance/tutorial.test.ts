// The tutorial's thirteen cells and the book chapter's twelve, written in TypeScript, print what PyTorch printed.
import * as torch from '../index'
import { recording } from './recording'

interface Cell {
  cell: number
  python: string
  prints: string | null
}
interface Tutorial {
  seed: number
  cells: Cell[]
  d2l: { seed: number; cells: Cell[] }
}

const tutorial = recording<Tutorial>('tutorial.json')

function repr(value: unknown): string | null {
  if (value === undefined) return null
  if (Array.isArray(value)) return `(${value.map(repr).join(', ')})`
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)
}

/** Runs notebook cells in order, and compares what each prints. */
function agrees(cells: Cell[], ours: (() => unknown)[]): void {
  expect(ours).toHaveLength(cells.length)
  expect(ours.map((cell) => repr(cell()))).toEqual(cells.map((cell) => (cell.prints === 'None' ? 'null' : cell.prints)))
}

test('the thirteen cells of the tutorial print what PyTorch prints', () => {
  torch.manual_seed(tutorial.seed)
  let x = torch.arange(4)
  let y: torch.Tensor
  agrees(tutorial.cells, [
    () => x,
    () => x.requires_grad,
    () => {
      x.requires_grad_(true)
      return x.grad === null
    },
    () => torch.tensor([1, 2, 3], { requires_grad: true }),
    () => torch.randn([2, 5], { requires_grad: true }),
    () => {
      y = torch.dot(x, x).mul(2)
      return y
    },
    () => {
      y.backward()
      return x.grad
    },
    () => x.grad!.eq(x.mul(4)),
    () => {
      x.grad!.zero_()
      return [x, x.grad]
    },
    () => {
      y = x.mul(2).mul(x)
      return y
    },
    () => {
      y.sum().backward()
      return x.grad
    },
    () => {
      x = torch.tensor([1], { requires_grad: true })
      y = torch.no_grad(() => x.mul(2))
      return y.requires_grad
    },
    () => {
      x = torch.tensor([1], { requires_grad: true })
      y = x.mul(2)
      return y.requires_grad
    },
  ])
})

test("the twelve cells of the book's chapter print what PyTorch prints", () => {
  torch.manual_seed(tutorial.d2l.seed)
  let x: torch.Tensor
  let y: torch.Tensor
  let u: torch.Tensor
  let a: torch.Tensor
  let d: torch.Tensor
  const f = (a: torch.Tensor) => {
    let b = a.mul(2)
    while (b.norm().lt(1000).item()) b = b.mul(2)
    return b.sum().gt(0).item() ? b : b.mul(100)
  }
  agrees(tutorial.d2l.cells, [
    () => {
      x = torch.arange(4)
      return x
    },
    () => {
      x.requires_grad_(true)
      return x.grad
    },
    () => {
      y = torch.dot(x, x).mul(2)
      return y
    },
    () => {
      y.backward()
      return x.grad
    },
    () => x.grad!.eq(x.mul(4)),
    () => {
      x.grad!.zero_()
      y = x.sum()
      y.backward()
      return x.grad
    },
    () => {
      x.grad!.zero_()
      y = x.mul(x)
      y.sum().backward()
      return x.grad
    },
    () => {
      x.grad!.zero_()
      y = x.mul(x)
      u = y.detach()
      u.mul(x).sum().backward()
      return x.grad!.eq(u)
    },
    () => {
      x.grad!.zero_()
      y.sum().backward()
      return x.grad!.eq(x.mul(2))
    },
    () => undefined,
    () => {
      a = torch.randn([], { requires_grad: true })
      d = f(a)
      d.backward()
      return [a, d, a.grad]
    },
    () => torch.allclose(a.grad!, d.div(a)),
  ])
})
