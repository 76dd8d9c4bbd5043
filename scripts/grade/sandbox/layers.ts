// Layers of classes that a guest has derived from the engine's: torch.nn.Module and all that is one. The engine's own object stands outside; it calls
// the learner's `forward`, and knows the parameters and layers that they have given it.
import type * as torch from '../../../engine'
import { isShown } from './surface'

type AnyFunction = (...inputs: unknown[]) => unknown

export class Layers {
  private readonly derived = new WeakSet<object>()

  constructor(private readonly nn: typeof torch.nn) {}

  /** A layer of a new class; `parts` are what the guest does itself, as functions of the layer. */
  derive(
    Kind: new (...inputs: unknown[]) => object,
    name: string,
    parts: Record<string, unknown>,
    inputs: unknown[],
  ): object {
    const { Module } = this.nn
    if (Kind.prototype !== Module.prototype && !(Kind.prototype instanceof Module))
      throw new TypeError(`torch's ${Kind.name} cannot be extended here.`)
    const Derived = class extends Kind {}
    Object.defineProperty(Derived, 'name', { value: name.replace(/\W/g, '') })
    for (const [part, call] of Object.entries(parts)) {
      const value = function (this: unknown, ...given: unknown[]): unknown {
        return (call as AnyFunction)(this, ...given)
      }
      Object.defineProperty(Derived.prototype, part, { value })
    }
    const layer = new Derived(...inputs)
    this.derived.add(layer)
    return layer
  }

  /** What becomes a property of a derived layer, null when it goes: parameters and layers are the engine's to know, other things keep their place. */
  setPart(layer: object, name: string, value: unknown): void {
    if (!this.derived.has(layer)) throw new TypeError('this is no layer of the guest')
    const before = Object.getOwnPropertyDescriptor(layer, name)?.value ?? undefined
    const isTaken = !isShown(name) || name in (Object.getPrototypeOf(layer) as object)
    if (isTaken || (before !== undefined && !this.isPart(before))) {
      if (this.isPart(value)) throw new TypeError(`A part of a layer cannot be called ${name}.`)
    } else if (value === null) Reflect.deleteProperty(layer, name)
    else {
      const part = this.isPart(value) ? value : undefined
      Object.defineProperty(layer, name, { value: part, enumerable: true, configurable: true, writable: true })
    }
  }

  private isPart(value: unknown): boolean {
    return value instanceof this.nn.Module || value instanceof this.nn.Parameter
  }

  /** Where to look for the methods that a guest may ask an object for. Its own it calls by itself, and means by `super` those of the class above. */
  methodsOf(object: object): object {
    return this.derived.has(object) ? (Object.getPrototypeOf(object) as object) : object
  }
}
