// What ordinary programs do besides computing: wait, copy, print, and build layers. All of it must go in the sandbox as it goes in Node.

const head = `import * as torch from '../engine'
import type { Tensor } from '../engine'
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))
const same = (what: string, seen: unknown, wanted: string) => {
  const text = typeof seen === 'string' ? seen : JSON.stringify(seen)
  if (text !== wanted) throw new Error(\`\${what}: \${text} instead of \${wanted}\`)
}
`

export const ordinary: { name: string; code: string }[] = [
  {
    name: 'timers come in their order, after promises, and as often as they were asked for',
    code: `${head}
export async function twice(x: Tensor): Promise<Tensor> {
  const order: string[] = []
  const note = (...words: string[]) => { order.push(words.join('-')) }
  setTimeout(note, 400, 'late')
  setTimeout(note, 100, 'early', 'with', 'words')
  setTimeout(() => { note('promise before'); Promise.resolve().then(() => note('promise after')) }, 150)
  setTimeout(note, 200, 'after the promise')
  const never = setTimeout(note, 120, 'never').unref()
  clearTimeout(never)
  clearTimeout(undefined)
  queueMicrotask(() => note('microtask'))
  setImmediate(note, 'immediate')
  let ticks = 0
  const every = setInterval(() => { if (++ticks === 3) clearInterval(every) }, 4)
  note('now')
  while (ticks < 3 || order.length < 8) await sleep(1)
  await sleep(10)
  same('order', order, '["now","microtask","immediate","early-with-words","promise before","promise after","after the promise","late"]')
  same('ticks', ticks, '3')
  return x.mul(2)
}`,
  },
  {
    name: 'time passes while one sleeps, and others go on',
    code: `${head}
async function* counted() { for (let i = 1; i <= 2; i++) { await sleep(1); yield i } }
export async function twice(x: Tensor): Promise<Tensor> {
  const [began, start] = [Date.now(), performance.now()]
  const steps: string[] = []
  async function worker(name: string, ms: number) { for (let i = 0; i < 2; i++) { await sleep(ms); steps.push(name + i) } return name }
  same('all', await Promise.all([worker('slow', 40), worker('fast', 5)]), '["slow","fast"]')
  same('race', await Promise.race([worker('a', 50), sleep(1).then(() => 'b')]), 'b')
  same('steps', [steps[0], steps.indexOf('slow0') < steps.indexOf('slow1')], '["fast0",true]')
  if (Date.now() - began < 79 || performance.now() - start < 79) throw new Error('no time has passed')
  let sum = torch.zeros_like(x)
  for await (const one of counted()) sum = sum.add(x.mul(one))
  try { await sleep(1).then(() => { throw new TypeError('caught') }) } catch (error) { same('error', String(error), 'TypeError: caught') }
  return sum.sub(x)
}`,
  },
  {
    name: 'structuredClone copies what holds other things, and nothing that runs',
    code: `${head}
export async function twice(x: Tensor): Promise<Tensor> {
  const shared = { n: 1 }
  const made: any = { list: [1, , 3], map: new Map<any, any>([['k', new Set([shared])]]), date: new Date(7), text: /a+/gi, bytes: new Float32Array([1, 2]), shared, big: 5n, nothing: undefined, error: new RangeError('far') }
  made.self = made
  const copy = structuredClone(made)
  same('kept', copy.self === copy && copy !== made && copy.shared === [...copy.map.get('k')][0] && copy.shared !== shared, 'true')
  same('kinds', [+copy.date, String(copy.text), [...copy.bytes], copy.list.length, 1 in copy.list, String(copy.big), 'nothing' in copy], '[7,"/a+/gi",[1,2],3,false,"5",true]')
  same('error', [copy.error.name, copy.error.message], '["RangeError","far"]')
  try { structuredClone({ run() {} }); throw new Error('copied') } catch (error: any) { same('refused', error.name, 'DataCloneError') }
  return x.mul(2)
}`,
  },
  {
    name: 'what was left of looking around does no harm',
    code: `${head}
export async function twice(x: Tensor): Promise<Tensor> {
  console.time('t'); console.group('g'); console.count(); console.assert(x.shape.length === 1, 'no'); console.table([{ a: 1 }]); console.groupEnd(); console.timeEnd('t')
  return x.mul(2)
}`,
  },
  {
    name: 'layers of layers are trained',
    code: `${head}
class Scale extends torch.nn.Module {
  readonly factor = new torch.nn.Parameter(torch.tensor([1]))
  #calls = 0
  get calls() { return this.#calls }
  forward(x: Tensor) { this.#calls++; return x.mul(this.factor) }
  override extra_repr() { return 'times ' + this.factor.item() }
}
class Net extends torch.nn.Module {
  first: Scale
  second = new torch.nn.Sequential(new Scale(), new torch.nn.Identity())
  gone?: Scale = new Scale()
  hidden = 7
  constructor(readonly name: string) { super(); this.first = new Scale(); delete this.gone }
  forward(x: Tensor) { return this.training ? this.second.forward(this.first.forward(x)) : x.neg() }
}
class Shifted extends torch.nn.Linear {
  constructor() { super(2, 1, { bias: false }) }
  override forward(x: Tensor) { return super.forward(x).add(1) }
}
export async function twice(x: Tensor): Promise<Tensor> {
  const net = new Net('mine')
  same('names', net.named_parameters().map(([name]) => name), '["first.factor","second.0.factor"]')
  const optimizer = new torch.optim.SGD(net.parameters(), { lr: 1 })
  for (let i = 0; i < 2; i++) {
    optimizer.zero_grad()
    net.forward(torch.tensor([1])).sub(2).abs().sum().backward()
    net.requires_grad_(true)
    if (i === 0) { same('gradient', String(net.first.factor.grad), 'tensor([-1.])'); optimizer.step() }
  }
  same('after a step', String(net.second.forward(torch.ones(1))), 'tensor([2.], grad_fn=<MulBackward0>)')
  same('calls', [net.first.calls, net.hidden, net.name, net instanceof torch.nn.Module], '[2,7,"mine",true]')
  same('printed', String(net), 'Net(\\n  (first): Scale(times 2)\\n  (second): Sequential(\\n    (0): Scale(times 2)\\n    (1): Identity()\\n  )\\n)')
  net.load_state_dict({ 'first.factor': torch.tensor([2]), 'second.0.factor': torch.tensor([1]) })
  same('put into evaluation', [net.eval().training, net.first.training, String(net.forward(torch.ones(1)))], '[false,false,"tensor([-1.])"]')
  const shifted = new Shifted()
  torch.no_grad(() => shifted.weight.fill_(3))
  same('super', String(shifted.forward(torch.ones(2))), 'tensor([7.], grad_fn=<AddBackward0>)')
  same('seen', shifted.modules().length, '1')
  try { new (class extends torch.nn.Module { forward(): Tensor { return this.lost } declare lost: Tensor })().forward().sum(); throw new Error('no') } catch (error) { same('missing', error instanceof TypeError, 'true') }
  return net.train().forward(x).detach()
}`,
  },
]
