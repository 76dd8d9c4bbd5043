// Every public name says what it does, with which shapes, what it throws and where PyTorch documents it: what a learner's editor
// shows, and what `npm run docs` prints.
import type ts from 'typescript'
import { type Documented, documented, errorsIn, readDocumentation } from './conformance/docstrings'

const { pageOf } = require('../scripts/docs/pages')

const isFunction = ({ path }: Documented) => !/\.[A-Z]\w*$/.test(path)

/** What is missing in the documentation of a name. */
function faults(name: Documented): string[] {
  const [summary = ''] = name.text.split('\n\n')
  return [
    ...(name.text === '' ? ['no docstring'] : []),
    ...(name.text !== '' && !/[.!?)]$|\.$/.test(summary.trim()) ? ['no sentence'] : []),
    ...(name.handlesTensors && isFunction(name) && name.shape === null ? ['no @shape'] : []),
  ].map((fault) => `${name.path}: ${fault}`)
}

test('every public name has a docstring that begins with a sentence, and shapes where it takes or gives tensors', () => {
  expect(documented.length).toBeGreaterThan(800)
  expect(documented.flatMap(faults)).toEqual([])
})

test('a name without a docstring, a sentence or shapes is found', () => {
  const text = `interface Tensor {}
    export const bare = 1
    /** no sentence */
    export const clipped = 2
    /** Says what it is. */
    export const said = 3
    /** Takes a tensor. */
    export function silent(self: Tensor): void {}
    /**
     * Takes one, and says how.
     * @shape A → ()
     */
    export function spoken(self: Tensor): void {}
    /** {@link spoken} too. */
    export function alike(self: Tensor): void {}`
  const found = readDocumentation(text).flatMap(faults)
  expect(found).toEqual(['torch.silent: no @shape', 'torch.bare: no docstring', 'torch.clipped: no sentence'])
})

test('every error of an operation stands in the documentation of a function', () => {
  const told = new Set(documented.flatMap(({ errors }) => errors().map(({ node }) => node)))
  const untold = errorsIn(/engine.(?:ops|nn).(?!op\.ts|view\.ts|methods\.ts)/).filter(
    (node: ts.Node) => !told.has(node),
  )
  expect(untold.map((node: ts.Node) => node.getText())).toEqual([])
})

test('what a function throws is read off its code, and that of the private functions that it calls', () => {
  const messages = (path: string) =>
    documented
      .find((one) => one.path === path)!
      .errors()
      .map(({ message }) => message)
  expect(messages('torch.mm')).toContain('mat1 and mat2 shapes cannot be multiplied (…x… and …x…)')
  expect(messages('Tensor.mm')).toEqual(messages('torch.mm'))
  expect(messages('torch.addmm')).toContain('self must be a matrix')
  expect(messages('torch.tan')).toEqual([])
})

test("every public function has a page of PyTorch's, or is one of the engine's own", () => {
  const own = documented.filter(
    (name) => isFunction(name) && pageOf(name.path.replace(/^Tensor/, 'torch.Tensor')) === null,
  )
  expect(own.map(({ path }) => path)).toEqual([
    ...['torch.autograd.once_differentiable', 'torch.draw', 'torch.index_put_', 'torch.ellipsis', 'torch.slice'],
    ...['offset', 'storage', 'sizes', 'strides', 'toString', 'alias', 'rsub'].map((name) => `Tensor.${name}`),
  ])
})
