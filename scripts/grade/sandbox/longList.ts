// The traps of an array that stands outside for a long list of the guest: its entries are asked for in parts, each once, when they are first looked at.

const partLength = 64

export class LongList implements ProxyHandler<unknown[]> {
  private readonly here = new Set<number>()

  constructor(
    private readonly part: (from: number, to: number) => unknown,
    private readonly length: number,
  ) {}

  get(list: unknown[], key: string | symbol): unknown {
    this.fetch(list, key)
    return Reflect.get(list, key)
  }

  has(list: unknown[], key: string | symbol): boolean {
    this.fetch(list, key)
    return Reflect.has(list, key)
  }

  getOwnPropertyDescriptor(list: unknown[], key: string | symbol): PropertyDescriptor | undefined {
    this.fetch(list, key)
    return Reflect.getOwnPropertyDescriptor(list, key)
  }

  ownKeys(list: unknown[]): (string | symbol)[] {
    this.fetchAll(list)
    return Reflect.ownKeys(list)
  }

  /** An array that is written to is an array like any other, from there on. */
  set(list: unknown[], key: string | symbol, value: unknown): boolean {
    this.fetchAll(list)
    return Reflect.set(list, key, value)
  }

  defineProperty(list: unknown[], key: string | symbol, descriptor: PropertyDescriptor): boolean {
    this.fetchAll(list)
    return Reflect.defineProperty(list, key, descriptor)
  }

  deleteProperty(list: unknown[], key: string | symbol): boolean {
    this.fetchAll(list)
    return Reflect.deleteProperty(list, key)
  }

  private fetchAll(list: unknown[]): void {
    if (this.here.size * partLength >= this.length) return
    for (let place = 0; place < this.length; place += partLength) this.fetch(list, String(place))
  }

  private fetch(list: unknown[], key: string | symbol): void {
    const place = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : this.length
    const part = Math.floor(place / partLength)
    if (place >= this.length || this.here.has(part)) return
    this.here.add(part)
    const from = part * partLength
    const to = Math.min(from + partLength, this.length)
    const [entries] = this.part(from, to) as [unknown[]]
    for (let i = from; i < to; i++) list[i] = entries[i - from]
  }
}
