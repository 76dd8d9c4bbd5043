// Right answers in the many ways that honest people write them: all must have full marks in the sandbox.

const head = `import * as torch from '../engine'\nimport type { Tensor } from '../engine'\n`
const plain = `
export function gradientOf(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  f(x).backward()
  return x.grad!
}
`

export const honest: { name: string; code: string }[] = [
  {
    name: 'with classes, getters and an error class of its own',
    code: `${head}
class TooSmall extends Error {
  constructor(readonly size: number) { super('too small: ' + size); this.name = 'TooSmall' }
}
class Doubler {
  #factor = 2
  static made = 0
  constructor() { Doubler.made++ }
  get factor() { return this.#factor }
  apply(x: Tensor) {
    try { if (Doubler.made > 0) throw new TooSmall(1) } catch (error) {
      if (!(error instanceof TooSmall) || !(error instanceof Error) || error.name !== 'TooSmall' || error.size !== 1) throw error
    }
    return x.mul(this.factor)
  }
}
export const twice = (x: Tensor) => new Doubler().apply(x)
${plain}`,
  },
  {
    name: 'with generators, closures, recursion and iteration',
    code: `${head}
function* times(n: number): Generator<number> { if (n > 0) { yield n; yield* times(n - 1) } }
const depth = (n: number): number => (n === 0 ? 0 : 1 + depth(n - 1))
export function twice(x: Tensor) {
  let sum = torch.zeros_like(x)
  for (const _ of times(2)) sum = sum.add(x)
  const rows = [...x].map((each) => each.mul(2))
  return depth(3000) === 3000 && rows.length === 3 ? torch.stack(rows) : sum
}
${plain}`,
  },
  {
    name: 'with maps, typed arrays, destructuring, labels and regular expressions',
    code: `${head}
export function twice(x: Tensor) {
  const { length, ...rest } = { length: 3, a: 1, b: [2] }
  const known = new Map<string, number>([['two', 2]])
  const values = Float64Array.from(x.tolist() as number[], (value) => value * known.get('two')!)
  const text = \`\${x}\`
  outer: for (;;) for (;;) break outer
  if (!/^tensor\\((?<inside>.*)\\)$/s.exec(text)?.groups?.inside || rest.b?.at(-1) !== 2 || length !== 3) throw new Error(text)
  return torch.tensor([...values])
}
${plain}`,
  },
  {
    name: 'with the console, JSON, dates and powers',
    code: `${head}
export function twice(x: Tensor) {
  console.log('x is', x, { a: [1, 'two'], b: null }, new Map([['k', 1]]), undefined)
  console.error('also here')
  if (JSON.stringify({ a: [1, null] }) !== '{"a":[1,null]}' || !(Date.now() > 0) || 2 ** 0.5 !== Math.SQRT2) throw new Error('no')
  let four = 2
  four **= 2
  return x.mul(four / 2)
}
${plain}`,
  },
  {
    name: 'with no_grad as a guard, hooks, and a gradient by hand',
    code: `${head}
export function twice(x: Tensor) {
  using _ = torch.no_grad()
  return torch.is_grad_enabled() ? x : x.mul(2)
}
export function gradientOf(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  let seen: Tensor | null = null
  const here = x.detach().requires_grad_(true)
  const handle = here.register_hook((grad) => { seen = grad })
  const [g] = torch.autograd.grad(f(here), here, { create_graph: true })
  handle.remove()
  return torch.enable_grad(() => g!).detach()
}
`,
  },
  {
    name: 'with an operation of its own, an optimizer and errors of the engine',
    code: `${head}
class Double extends torch.autograd.Function {
  static override forward(ctx: any, x: Tensor) { ctx.factor = 2; ctx.save_for_backward(x); return x.mul(ctx.factor) }
  static override backward(ctx: any, grad: Tensor) { return ctx.saved_tensors.length === 1 ? grad.mul(ctx.factor) : null }
}
export function twice(x: Tensor) {
  const w = torch.tensor([1, 2], { requires_grad: true })
  const step = new torch.optim.SGD([w], { lr: 0.5 })
  Double.apply(w).sum().backward()
  step.step()
  if (String(w.detach()) !== 'tensor([0., 1.])') throw new Error(String(w))
  try { x.matmul(torch.ones(7)) } catch (error) {
    if (!(error instanceof torch.RuntimeError && error instanceof Error) || !error.message.includes('size')) throw error
  }
  return Double.apply(x)
}
${plain}`,
  },
  {
    name: 'with an async helper beside, and a module of neural networks',
    code: `${head}
const later = async (x: number) => { await null; return x }
export let arrived = 0
later(3).then((value) => { arrived = value })
const layer = new torch.nn.Linear(3, 1)
export function twice(x: Tensor) {
  if (layer.weight.shape.join() !== '1,3' || !(x instanceof torch.Tensor) || x.dtype !== torch.float32) throw new Error('no')
  return torch.nn.functional.relu(x.mul(2)).sub(torch.nn.functional.relu(x.mul(-2)))
}
${plain}`,
  },
]
