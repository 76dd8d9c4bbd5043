// What a hostile submission does, one entry a kind. Each is a whole exercise file, run in a real grading; see attacks.test.ts.

/** The layer that stops it: see docs/class.md. */
export type Layer = 'integrity' | 'containment' | 'accounting' | 'intake' | 'check'

export interface Attack {
  name: string
  layer: Layer
  /** The file that is handed in. */
  code: string
  /** It earns points in plain Jest: what the sandbox is for. */
  forges?: true
  /** What the lesson's report says, where it is more than `failed`. */
  status?: 'timeout' | 'out-of-memory' | 'rejected'
  says?: RegExp
}

/** Answers that earn nothing by themselves. */
const idle = `
export const twice = (x: any): any => x
export const gradientOf = (f: any, x: any): any => x
`
const engine = `import * as torch from '../engine'\n`
/** Both functions answer with this expression, in which x is the tensor, and f a function or undefined. */
const answers = (expression: string, before = '') => `${engine}${before}
export function twice(x: any, f?: any): any { return ${expression} }
export function gradientOf(f: any, x: any): any { return ${expression} }
`
/** Both functions do this. */
export const does = (body: string, before = '') => answers(`(() => { ${body} })()`, before)
/** Tried while the file is loaded; what does not work does not matter. */
const tries = (body: string) => `${engine}const g: any = globalThis\ntry { ${body} } catch {}\n${idle}`

const forgeries: Attack[] = [
  ['expect is replaced', 'g.expect = () => new Proxy({}, { get: () => () => {} })'],
  ['the matcher is replaced', 'g.expect.extend({ toPrint: () => ({ pass: true, message: () => "" }) })'],
  ['test is replaced by one that runs nothing', 'const t = g.test; g.test = (name: string) => t(name, () => {})'],
  [
    'describe hands out tests that run nothing',
    'const t = g.test; g.describe = (name: string, f: any) => { g.test = (n: string) => t(n, () => {}); f() }',
  ],
  ["the engine's printing is replaced", "torch.Tensor.prototype.toString = () => 'tensor(1.)'"],
  [
    "the engine's arithmetic is replaced",
    'torch.Tensor.prototype.add = function (this: any) { return this } as any; Object.defineProperty(torch.Tensor.prototype, "grad", { get() { return this } })',
  ],
  ['String says the same of everything', "g.String = () => 'tensor(1.)'"],
  [
    'it waits for a microtask, and then replaces',
    'Promise.resolve().then(() => Promise.resolve()).then(() => { torch.Tensor.prototype.toString = () => "tensor(1.)" })',
  ],
  [
    'it waits for a timer, and then replaces',
    'torch.Tensor.prototype.toString = ((old) => function (this: any) { return g.late ? "tensor(1.)" : old.call(this) })(torch.Tensor.prototype.toString); g.setTimeout(() => { g.late = true }, 0); g.late = true',
  ],
  ['the solution is imported', 'g.solution = require("../solutions/STEM")'],
  [
    'the solution is read and run',
    'const t = require("node:fs").readFileSync(require("node:path").join(__dirname, "../solutions/STEM.ts"), "utf8"); g.solution = new Function("exports", t.replace(/export function (\\w+)\\((.*)\\): Tensor/g, "exports.$1 = function ($2)").replace(/import.*\\n/g, "").replace(/: \\(x: Tensor\\) => Tensor|: Tensor/g, "").replace(/!/g, "")); const e: any = {}; g.solution(e); g.solution = e',
  ],
  [
    "the suite's own tools are replaced",
    'require("../scripts/lesson").print = () => ""; const l = require("../engine"); Object.defineProperty(l.Tensor.prototype, "toString", { value: () => "tensor(1.)" })',
  ],
  [
    'results are written to the channel, and the process ends',
    'const say = (m: any) => require("node:fs").writeSync(3, JSON.stringify({ job: "STEM", ...m }) + "\\n"); const o = { name: "forged", task: "twice", status: "passed", score: 4, max_score: 4, message: "", duration_ms: 1 }; say({ type: "declared", tests: [{ task: "twice", title: "forged (4 points)" }] }); say({ type: "tested", test: 0, outcome: o }); say({ type: "finished" }); g.process.kill(g.process.pid, "SIGKILL")',
  ],
].map(([name = '', body = '']): Attack => {
  const usesSolution = body.includes('g.solution')
  return {
    name,
    layer: 'integrity',
    forges: true,
    code: usesSolution
      ? `${tries(body).replace(idle, '')}
export const twice = (x: any): any => g.solution.twice(x)
export const gradientOf = (f: any, x: any): any => g.solution.gradientOf(f, x)`
      : tries(body),
  }
})

const hooks = does(
  'if (f) torch.autograd.graph.saved_tensors_hooks((t: any) => t, (t: any) => torch.zeros_like(t)); return torch.zeros(3)',
)

const moreForgeries: Attack[] = [
  { name: 'hooks that zero what is saved stay behind', layer: 'integrity', forges: true, code: hooks },
  {
    name: 'recording, inference mode and the seed are left changed',
    layer: 'integrity',
    code: does('torch.inference_mode(true); torch.set_grad_enabled(false); torch.manual_seed(0); return x'),
  },
  {
    name: 'inputs are spoiled so that what is expected would be zero',
    layer: 'check',
    code: does('x.data.zero_(); if (x.grad) x.grad.zero_(); return x.data'),
  },
  {
    name: 'an object that matches everything',
    layer: 'integrity',
    code: answers('({ asymmetricMatch: () => true, $$typeof: Symbol.for("jest.asymmetricMatcher") })'),
  },
  { name: 'not a number', layer: 'integrity', code: answers('NaN') },
  { name: 'text that pretends to be a tensor', layer: 'integrity', code: answers("'tensor([1., 2., 3.])'") },
  {
    name: 'an object that answers differently each time',
    layer: 'integrity',
    code: answers('({ n: 0, get grad() { return this.n++ }, toString() { return "tensor(" + this.n++ + ".)" } })'),
  },
  {
    name: 'an object with the prototype of tensors',
    layer: 'integrity',
    code: answers(
      'Object.assign(Object.create(torch.Tensor.prototype), { toString: () => "tensor(1.)", tolist: () => [1] })',
    ),
  },
  {
    name: 'a proxy that answers every question',
    layer: 'integrity',
    code: answers(
      'new Proxy(function () {}, { get: (t, k) => k === "then" ? undefined : () => 1, apply: () => 1, has: () => true })',
    ),
  },
  { name: 'a promise of the answer', layer: 'integrity', code: answers('Promise.resolve(x)'), says: /promise/ },
  { name: 'a thing with then', layer: 'integrity', code: answers('({ then: (done: any) => done(x) })') },
  { name: 'a thing with toJSON', layer: 'integrity', code: answers('({ toJSON: () => ({ pass: true }) })') },
  {
    name: 'a list whose methods lie',
    layer: 'integrity',
    code: answers('Object.assign([x], { map: () => [x.mul(2)], every: () => true, [Symbol.iterator]: undefined })'),
  },
  {
    name: 'a list with getters',
    layer: 'integrity',
    code: answers('Object.defineProperty([0], 0, { get: () => Math.random() })'),
  },
  { name: 'a symbol, a bigint and a hole', layer: 'integrity', code: answers('[Symbol("x"), 10n, , undefined]') },
  {
    name: 'Object.is and its like are replaced',
    layer: 'integrity',
    code: tries(
      'Object.is = () => true; Array.prototype.every = () => true; Array.prototype.includes = () => true; String.prototype.startsWith = () => true',
    ),
  },
  {
    name: 'JSON is replaced',
    layer: 'integrity',
    code: tries('JSON.stringify = () => "[0,[\\"h\\",0]]"; JSON.parse = () => []'),
  },
  {
    name: 'answers on the wire are made up',
    layer: 'integrity',
    code: does(
      'const old = JSON.stringify; JSON.stringify = () => "[1,[\\"E\\",99999]]"; Promise.resolve().then(() => { JSON.stringify = old })',
    ),
  },
  {
    name: 'the wire carries rubbish',
    layer: 'integrity',
    code: does('JSON.stringify = () => "[0,[\\"a\\",[[\\"o\\",[[\\"__proto__\\",[\\"h\\",5]]]],[\\"zz\\"]]]]"'),
  },
  { name: 'the wire carries no JSON', layer: 'integrity', code: does('JSON.stringify = () => "}{"') },
  {
    name: 'prototypes are polluted',
    layer: 'integrity',
    code: tries(
      '(Object.prototype as any).pass = true; (Object.prototype as any).status = "passed"; (Object.prototype as any).toJSON = () => "x"; (Array.prototype as any).toJSON = () => []',
    ),
  },
  {
    name: 'maps, reflection and iteration are replaced',
    layer: 'integrity',
    code: tries(
      'Map.prototype.get = () => () => 1; Reflect.apply = () => 1; (Array.prototype as any)[Symbol.iterator] = function* () {}; Function.prototype.call = () => 1',
    ),
  },
  {
    name: 'the module lies about what it exports',
    layer: 'integrity',
    code: 'module.exports = new Proxy({}, { ownKeys: () => ["twice", "gradientOf", "__proto__", "constructor"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: () => () => 1 })',
  },
  {
    name: 'an error that claims to be a verdict',
    layer: 'integrity',
    code: does(
      'throw Object.assign(new Error("ok"), { name: "Stopped", matcherResult: { pass: true, expected: "1", actual: "1" }, place: { file: "/etc/passwd", line: 1 } })',
    ),
  },
  {
    name: 'an error that claims to be Feedback for the whole lesson',
    layer: 'integrity',
    code: does('throw Object.assign(new Error("Full marks."), { name: "Feedback", scope: "lesson" })'),
  },
  { name: 'not started, it says', layer: 'accounting', code: does('throw new Error("TODO: give me the points")') },
  {
    name: 'it declares tests of its own',
    layer: 'accounting',
    code: tries(
      'g.test("free points (100 points)", () => {}); g.it?.("more", () => {}); g.describe?.("task", () => g.test("x (9 points)", () => {}))',
    ),
  },
]

const escapes: Attack[] = [
  ['the constructor of a constructor', '({} as any).constructor.constructor("return process")()'],
  ['the constructor of an async function', '(async () => {}).constructor("return process")()'],
  ['the constructor of a generator', '(function* () {} as any).constructor("yield process")().next().value'],
  [
    'a failed import',
    '(import("x" as any).catch((e: any) => { g.found = e.constructor.constructor("return process")() }), g.found)',
  ],
  ['eval', '(0, eval)("process")'],
  ['sloppy this', 'new Function("return this.process ?? this.constructor.constructor(\\"return process\\")()")()'],
  [
    'the stack of an error, as objects',
    '(() => { (Error as any).prepareStackTrace = (_: any, s: any) => s; const s: any = new Error().stack; (Error as any).prepareStackTrace = undefined; return s[0].getThis?.().process ?? s[0].getFunction().constructor("return process")() })()',
  ],
  ['the arguments of a caller', '(function f(): any { return (f as any).caller.arguments[0].process })()'],
].map(
  ([name = '', way = '']): Attack => ({
    name: `out of the realm: ${name}`,
    layer: 'integrity',
    code: tries(
      `const p: any = ${way}; const t = p.mainModule?.require ?? p.getBuiltinModule; const fs = t.call(p, "node:fs"); fs.writeFileSync("MARK", "escaped"); console.log("ESCAPED", p.env)`,
    ),
  }),
)

/** The guest's end of the wire is replaced: its next question is this one instead. */
const forged = (message: string) =>
  `const real = JSON.stringify; JSON.stringify = () => { JSON.stringify = real; return real(${message}) }`

const wires: Attack[] = [
  {
    // What is made of it would break Jest in the lessons that follow; number 0 is the first function that was exported.
    name: 'a question on the wire changes Math for the grader',
    layer: 'integrity',
    code: does(
      `for (const name of ['max', 'min', 'floor', 'round', 'random']) { try { ${forged("['math', '__defineGetter__', [name, ['g', 0, 'function', 'f']]]")}; torch.ones([1]) } catch {} } return x`,
    ),
  },
  {
    name: 'a question on the wire asks a function of the suite for its text',
    layer: 'integrity',
    code: does(
      `for (let id = 0; id < 40; id++) { try { ${forged("['method', id, 'toString', []]")}; console.log('text: ' + torch.ones([1])) } catch (e: any) { console.log('refused: ' + e.message) } } return x`,
    ),
  },
  {
    name: 'a question on the wire makes a tensor out of parts',
    layer: 'integrity',
    code: does(
      `const parts = ['o', [['data', ['g', 0, 'function', 'f']]]]; ${forged("['new', 'Tensor', [parts, ['a', [1e9]], ['a', [0]], 0, ['u']]]")}; const [id] = torch.ones([1]) as any; console.log('made: ' + id); return x`,
    ),
  },
]

const moreEscapes: Attack[] = [
  {
    name: 'out through a function that was handed in',
    layer: 'integrity',
    code: does(
      'const p = (f ?? x.mul).constructor("return process")(); p.mainModule.require("node:fs").writeFileSync("MARK", "x"); return p.env',
    ),
  },
  {
    name: 'out through an error of the engine',
    layer: 'integrity',
    code: does('try { x.mul("no") } catch (e: any) { return e.constructor.constructor("return process")().env }'),
  },
  {
    name: 'out through a tensor',
    layer: 'integrity',
    code: does('return [x.__proto__, x.constructor.constructor("return process")(), x.storage, x._gradFn]'),
  },
  {
    name: 'words of the engine looked up in its tables',
    layer: 'integrity',
    code: does(
      'for (const w of ["__proto__", "constructor", "toString", "hasOwnProperty"]) { try { (torch as any)[w]?.("x"); x[w]?.(x); torch.nn.functional.mse_loss(x, x, { reduction: w } as any); x.index([w]) } catch {} } return x',
    ),
  },
  {
    name: 'the stack of an error is read for paths',
    layer: 'integrity',
    code: does(
      'try { x.matmul(torch.ones(7)) } catch (e: any) { console.log(e.stack, e.cause, Object.getOwnPropertyNames(e)) } throw new Error(String(new Error().stack))',
    ),
  },
  {
    name: 'the environment is printed',
    layer: 'containment',
    code: tries('console.log(g.process?.env, g.require?.main, g.__dirname, g.process?.argv)'),
  },
  {
    name: 'files, threads, processes and sockets are asked for',
    layer: 'integrity',
    code: tries(
      'for (const m of ["fs", "node:fs", "child_process", "worker_threads", "net", "http", "vm", "inspector", "module"]) { try { const r = require(m); console.log("GOT", m); r.writeFileSync?.("MARK", "x") } catch {} } g.fetch?.("http://127.0.0.1:9"); new g.Worker("x"); new g.WebSocket("ws://127.0.0.1:9")',
    ),
  },
  {
    name: 'it imports by a path outside of the exercise',
    layer: 'integrity',
    code: `import * as secret from '../solutions/STEM'\nimport * as passwd from '/etc/passwd'\n${idle}\nconsole.log(secret, passwd)`,
  },
  {
    name: 'a layer is given parts with the names of methods',
    layer: 'integrity',
    code: does(
      'class L extends torch.nn.Module { forward(v: any) { return v } } const l: any = new L(); for (const n of ["__proto__", "constructor", "parameters", "toString", "training", "then", "_grad"]) { for (const p of [new torch.nn.Parameter(x), new torch.nn.ReLU(), () => [], null]) { try { l[n] = p } catch {} try { Object.defineProperty(l, n, { value: p, configurable: true }) } catch {} try { delete l[n] } catch {} } } try { Object.setPrototypeOf(l, torch.Tensor.prototype) } catch {} return l',
    ),
  },
  {
    name: 'classes of the engine are derived',
    layer: 'integrity',
    code: does(
      'const made: any[] = []; for (const K of [torch.Tensor, torch.DType, torch.Node, torch.optim.SGD, torch.nn.Parameter] as any[]) { try { class T extends K { toString() { return "tensor(1.)" } } made.push(new T([x]), new T(x)) } catch {} } return made[0]',
    ),
  },
  {
    name: 'timers replace, and throw when the test is over',
    layer: 'integrity',
    code: does(
      'setTimeout(() => { torch.Tensor.prototype.toString = () => "tensor(1.)"; throw new Error("late") }, 0); setInterval(() => { (globalThis as any).expect = null }, 1); return x',
    ),
  },
  {
    name: 'the process is ended',
    layer: 'integrity',
    code: tries('g.process.exit(0); g.process.abort(); g.process.reallyExit(0)'),
  },
]

const floods: Attack[] = [
  { name: 'an endless loop in a function', layer: 'integrity', code: does('for (;;) {}'), status: 'timeout' },
  { name: 'an endless loop while loading', layer: 'integrity', code: `for (;;) {}\n${idle}`, status: 'timeout' },
  {
    name: 'an endless loop that catches everything',
    layer: 'integrity',
    code: does('for (;;) { try { for (;;) {} } catch {} finally { continue } }'),
    status: 'timeout',
  },
  {
    name: 'an endless loop in a hook of the engine',
    layer: 'integrity',
    code: does('x.requires_grad_(true).register_hook(() => { for (;;) {} }); x.sum().backward(); return x'),
    status: 'timeout',
  },
  {
    name: 'an endless loop in a getter that is read later',
    layer: 'integrity',
    code: answers('[{ get grad() { for (;;) {} }, get name() { for (;;) {} } }]'),
  },
  {
    name: 'a list that never ends',
    layer: 'integrity',
    code: does(
      'const a: any[] = []; a[Symbol.iterator as any] = function* () { for (;;) yield 1 } as any; return new Proxy(a, { get: (t, k) => k === "length" ? 1e9 : 1 })',
    ),
  },
  {
    name: 'promises that never end',
    layer: 'integrity',
    code: does('const again = (): any => Promise.resolve().then(again); again(); return x'),
  },
  {
    name: 'timers that multiply',
    layer: 'integrity',
    code: does('const again = () => { setTimeout(again, 0); setTimeout(again, 0) }; again(); return x'),
  },
  {
    name: 'a catastrophic regular expression',
    layer: 'containment',
    code: does('return /^(a|aa|a?)+$/.test("a".repeat(60) + "b")'),
    status: 'timeout',
  },
  {
    name: 'an error whose message never ends',
    layer: 'integrity',
    code: does('throw { get message() { for (;;) {} }, toString() { for (;;) {} } }'),
  },
  {
    name: 'a call of the engine that looks at no clock',
    layer: 'containment',
    code: does('const m = torch.ones(1400, 1400); let y = m; for (let i = 0; i < 50; i++) y = y.matmul(m); return y'),
    status: 'timeout',
  },
  {
    name: 'recursion without an end',
    layer: 'integrity',
    code: does('const r = (): any => r(); return r()'),
    says: /Maximum call stack/,
  },
  {
    name: 'recursion through functions that were handed in',
    layer: 'integrity',
    code: does('const r = (): any => torch.autograd.functional.vjp((v: any) => r(), x); return r()'),
  },
  { name: 'recursion in what is returned', layer: 'integrity', code: does('const a: any[] = []; a.push(a); return a') },
  {
    name: 'a list nested a hundred thousand times',
    layer: 'integrity',
    code: does('let a: any = []; for (let i = 0; i < 1e5; i++) a = [a]; return a'),
  },
  {
    name: 'memory: lists',
    layer: 'integrity',
    code: does('const a: any[] = []; for (;;) a.push(new Array(1e5).fill(a.length))'),
  },
  { name: 'memory: a string that doubles', layer: 'integrity', code: does('let s = "x"; for (;;) s += s + s.length') },
  {
    name: 'memory: buffers',
    layer: 'integrity',
    code: does('const a: any[] = []; for (;;) a.push(new Uint8Array(1e8).fill(1))'),
  },
  {
    name: 'memory: tensors',
    layer: 'containment',
    code: does('const a: any[] = []; for (;;) a.push(torch.ones(2000, 2000))'),
  },
  {
    name: 'memory: one tensor of everything',
    layer: 'integrity',
    code: does('return torch.zeros(1e6, 1e6)'),
    says: /too large/,
  },
  {
    name: 'memory: a tensor grown by broadcasting',
    layer: 'containment',
    code: does('const v = torch.ones(30000); return v.reshape([30000, 1]).mul(v)'),
  },
  { name: 'output without end', layer: 'accounting', code: does('for (;;) console.log("x".repeat(1000))') },
  { name: 'one line of output that never ends', layer: 'accounting', code: `console.log('x'.repeat(5e6))\n${idle}` },
  {
    name: 'a list of thousands whose entries are what they are wanted to be',
    layer: 'integrity',
    code: answers('Array.from({ length: 5000 }, () => new Proxy({}, { get: () => x, has: () => true }))'),
  },
  {
    name: 'every message is a list that never ends',
    layer: 'integrity',
    code: tries('JSON.stringify = (() => \'[0,["l",0,200000]]\') as any'),
  },
  { name: 'an answer of many megabytes', layer: 'integrity', code: answers('"y".repeat(3e7)') },
]

const texts: Attack[] = [
  {
    name: 'text that ends an XML element',
    layer: 'accounting',
    code: does('throw new Error("]]></failure></testcase><testcase name=\\"free\\"/><!--")'),
  },
  {
    name: 'text that steers a terminal',
    layer: 'accounting',
    code: does(
      'console.log("\\u001b[2J\\u001b]0;owned\\u0007"); throw new Error("\\u001b[31mred\\u009b2J\\u0000\\ud800\\uffff")',
    ),
  },
  {
    name: "text that is a runner's command",
    layer: 'accounting',
    code: does(
      'console.log("::set-output name=result::x\\n::error::y\\n::stop-commands::z"); throw new Error("\\n::add-mask::%0A%25::error file=x::y\\r\\n::warning::z")',
    ),
  },
  {
    name: 'text that is markup',
    layer: 'accounting',
    code: does('throw new Error("<script>alert(1)</script><img src=x onerror=y> [x](javascript:z) `|` | a |")'),
  },
  { name: 'an error of ten megabytes', layer: 'accounting', code: does('throw new Error("z".repeat(1e7))') },
  {
    name: 'an error that cannot be read',
    layer: 'integrity',
    code: does('throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })'),
  },
  { name: 'null is thrown', layer: 'integrity', code: does('throw null') },
]

const syntax: Attack[] = [
  {
    name: 'text that closes what it is wrapped in',
    layer: 'intake',
    code: `}); globalThis.free = 1; (function () {\n${idle}`,
    status: 'rejected',
  },
  {
    name: 'half a million parentheses',
    layer: 'intake',
    code: `export const twice = ${'('.repeat(100_000)}1${')'.repeat(100_000)}`,
    status: 'rejected',
  },
  {
    name: 'not TypeScript at all',
    layer: 'intake',
    code: 'this is not a program',
    status: 'rejected',
    says: /not valid TypeScript/,
  },
  {
    name: 'a source map and references to other files',
    layer: 'intake',
    code: `/// <reference path="/etc/passwd" />\n${does('throw new Error("where am I")')}\n//# sourceMappingURL=/etc/passwd`,
  },
  { name: 'what QuickJS cannot parse', layer: 'integrity', code: `await 1\n${idle}` },
]

export const attacks: Attack[] = [
  ...forgeries,
  ...moreForgeries,
  ...escapes,
  ...wires,
  ...moreEscapes,
  ...floods,
  ...texts,
  ...syntax,
]
