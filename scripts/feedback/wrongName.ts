// `x.shape()`, `x.bakward()`: what to say where JavaScript only knows that something is not a function.
import { closest, distance } from 'fastest-levenshtein'
import type * as Torch from '../../engine'

/** Gives an error like `TypeError: x.shape is not a function` a hint, as the engine's own errors have one. */
export function advise(error: unknown, torch: typeof Torch): void {
  if (!(error instanceof TypeError) || Object.hasOwn(error, 'hint')) return
  const { value } = Object.getOwnPropertyDescriptor(error, 'message') ?? {} // not what a getter of the learner's answers
  const hint = typeof value === 'string' ? hintForName(value, torch) : ''
  if (hint !== '') Reflect.set(error, 'hint', hint)
}

/** A sentence for `x.shape is not a function`, from what the engine has; '' for any other message. */
export function hintForName(message: string, torch: typeof Torch): string {
  const [, receiver = '', name] = /^(?:(.*)\.)?(\w+) is not a function$/s.exec(message) ?? []
  if (name === undefined) return ''
  const { methods, properties } = membersOf(torch)
  const path = /^torch((?:\.\w+)*)$/.exec(receiver)?.[1]
  if (path !== undefined) return hintForFunction(torch, path, name, methods)
  if (properties.includes(name)) return `\`${name}\` is a property, not a method: it stands without parentheses.`
  if (methods.includes(name)) {
    return `\`${name}\` is a method of tensors, and what stands before it is none. \`torch.tensor(…)\` makes one of numbers.`
  }
  return homeOf(torch, name) || nearest(name, [...methods, ...properties])
}

function hintForFunction(torch: typeof Torch, path: string, name: string, methods: string[]): string {
  const module = path
    .split('.')
    .slice(1)
    .reduce<unknown>((holder, part) => Reflect.get(Object(holder), part), torch)
  return methods.includes(name) && !isFunction(torch, name)
    ? `\`${name}\` is a method of tensors: \`x.${name}(…)\`.`
    : homeOf(torch, name) || nearest(name, Object.keys(Object(module)))
}

/** Which module has a function of that name, if any has. */
function homeOf(torch: typeof Torch, name: string): string {
  const modules = {
    torch,
    'torch.nn.functional': torch.nn.functional,
    'torch.linalg': torch.linalg,
    'torch.nn': torch.nn,
    'torch.optim': torch.optim,
    'torch.autograd': torch.autograd,
  }
  const [home] = Object.entries(modules).find(([, module]) => isFunction(module, name)) ?? []
  return home === undefined ? '' : `It is a function here: \`${home}.${name}\`.`
}

function isFunction(module: object, name: string): boolean {
  return Object.hasOwn(module, name) && typeof Reflect.get(module, name) === 'function'
}

/** The names of a tensor's methods, and of what is no method. */
function membersOf(torch: typeof Torch): { methods: string[]; properties: string[] } {
  const members = Object.entries(Object.getOwnPropertyDescriptors(torch.Tensor.prototype))
  const isMethod = ([, { value }]: (typeof members)[number]) => typeof value === 'function'
  const named = (list: typeof members) => list.map(([name]) => name).filter((name) => /^[a-zA-Z]/.test(name))
  return {
    methods: named(members.filter(isMethod)),
    properties: [...named(members.filter((one) => !isMethod(one))), ...Object.keys(torch.zeros(1))],
  }
}

/** The nearest of several names, if it is so near that it may be meant. */
function nearest(name: string, names: string[]): string {
  const best = closest(name, names)
  return distance(name, best) <= name.length / 3 ? `There is no \`${name}\`. Did you mean \`${best}\`?` : ''
}
