// Evaluates the Python expressions of grad_fn_names.json on the engine: `x[:,1:]`, `2**x`, `F.linear(x,m,v)`.
import * as torch from '../index'
import { Missing, member, method } from './missing'

const binary: Record<string, { precedence: number; name: string }> = {
  '<': { precedence: 1, name: 'lt' },
  '<=': { precedence: 1, name: 'le' },
  '>': { precedence: 1, name: 'gt' },
  '>=': { precedence: 1, name: 'ge' },
  '==': { precedence: 1, name: 'eq' },
  '!=': { precedence: 1, name: 'ne' },
  '|': { precedence: 1.2, name: 'bitwise_or' },
  '^': { precedence: 1.4, name: 'bitwise_xor' },
  '&': { precedence: 1.6, name: 'bitwise_and' },
  '+': { precedence: 2, name: 'add' },
  '-': { precedence: 2, name: 'sub' },
  '*': { precedence: 3, name: 'mul' },
  '/': { precedence: 3, name: 'div' },
  '//': { precedence: 3, name: 'floor_divide' },
  '%': { precedence: 3, name: 'remainder' },
  '@': { precedence: 3, name: 'matmul' },
  '**': { precedence: 5, name: 'pow' },
}
const unaryPrecedence = 4

/** The value of a Python expression over the names of `scope`; Python's keyword arguments become the trailing options object. */
export function evaluatePython(source: string, scope: Record<string, unknown>): unknown {
  return new Evaluator(source, scope).expression()
}

class Evaluator {
  private readonly tokens: string[]
  private at = 0

  constructor(
    source: string,
    private readonly scope: Record<string, unknown>,
  ) {
    this.tokens = source.match(/\d*\.?\d+\.?|'[^']*'|\w+|\.\.\.|\*\*|\/\/|[<>=!]=|\S/g) ?? []
  }

  expression(): unknown {
    const value = this.operation(0)
    if (!this.accept('if')) return value
    const condition = this.operation(0)
    this.expect('else')
    const otherwise = this.expression()
    return condition ? value : otherwise
  }

  private operation(least: number): unknown {
    let left = this.operand()
    for (;;) {
      const operator = binary[this.tokens[this.at] ?? '']
      if (operator === undefined || operator.precedence < least) return left
      this.at++
      left = apply(operator.name, left, this.operation(operator.precedence + 1))
    }
  }

  private operand(): unknown {
    if (this.accept('-')) {
      const value = this.operation(unaryPrecedence)
      return typeof value === 'number' ? -value : method(value, 'neg')()
    }
    if (this.accept('~')) return method(this.operation(unaryPrecedence), 'bitwise_not')()
    if (this.accept('+')) return this.operation(unaryPrecedence)
    let value = this.atom()
    for (;;) {
      if (this.accept('.')) value = this.attribute(value, this.next())
      else if (this.accept('['))
        value = index(
          value,
          this.list(']', () => this.indexItem()),
        )
      else return value
    }
  }

  private atom(): unknown {
    const token = this.next()
    if (token === '(' || token === '[') {
      const close = token === '(' ? ')' : ']'
      const isGroup = token === '('
      const from = this.at
      const items = this.list(close, () => this.expression())
      const hasComma = this.tokens.slice(from, this.at).includes(',')
      return isGroup && !hasComma ? items[0] : items
    }
    if (/^[\d.]/.test(token) && token !== '...') return Number(token)
    if (token.startsWith("'")) return token.slice(1, -1)
    const constants: Record<string, unknown> = { None: null, True: true, False: false, '...': '...' }
    if (token === 'abs' || token === 'float') {
      this.expect('(')
      const [argument] = this.list(')', () => this.expression())
      return token === 'abs' ? method(argument, 'abs')() : Number(String(argument).replace('inf', 'Infinity'))
    }
    return token in constants ? constants[token] : member(this.scope, token)
  }

  /** `.name`, or a call of it. A class is constructed. */
  private attribute(owner: unknown, name: string): unknown {
    if (name === 'values') return (owner as unknown[])[0]
    if (name === '__setitem__') {
      this.expect('(')
      const [place, value] = this.list(')', () => this.expression())
      return method(owner, 'index_put_')([place], value)
    }
    if (!this.accept('(')) return member(owner, name)
    const from = this.at
    const args = this.callArguments()
    const isIntegers = !this.tokens.slice(from, this.at).some((token) => token.includes('.') || token === 'True')
    // Python makes integers of 1 and floats of 1.; the engine's numbers are floats unless the dtype says otherwise.
    if (owner === torch && name === 'tensor' && isIntegers) args.push({ dtype: torch.int64 })
    if (/^[A-Z]/.test(name)) return Reflect.construct(member(owner, name) as new () => unknown, args)
    return method(owner, name)(...args)
  }

  private callArguments(): unknown[] {
    const options: Record<string, unknown> = {}
    const args = this.list(')', () => {
      if (this.tokens[this.at + 1] !== '=') return this.expression()
      const name = this.next()
      this.expect('=')
      options[name] = this.expression()
      return options
    })
    const positional = args.filter((arg) => arg !== options)
    return Object.keys(options).length > 0 ? [...positional, options] : positional
  }

  private indexItem(): unknown {
    const bound = () => (/^[:,\]]$/.test(this.tokens[this.at]!) ? null : (this.expression() as number))
    const start = bound()
    if (!this.accept(':')) return this.tokens[this.at - 1] === 'None' ? null : start
    const stop = bound()
    return this.accept(':') ? torch.slice(start, stop, bound()) : torch.slice(start, stop)
  }

  private list(close: string, item: () => unknown): unknown[] {
    const items: unknown[] = []
    while (!this.accept(close)) {
      items.push(item())
      if (!this.accept(',') && this.tokens[this.at] !== close) throw new Error(`expected , or ${close}`)
    }
    return items
  }

  private next(): string {
    return this.tokens[this.at++] ?? ''
  }

  private accept(token: string): boolean {
    if (this.tokens[this.at] !== token) return false
    this.at++
    return true
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw new Error(`expected ${token}, found ${this.tokens[this.at]}`)
  }
}

/** An operator; where the left operand is a number, as the guide to the engine writes it. */
function apply(name: string, left: unknown, right: unknown): unknown {
  if (typeof left !== 'number') return method(left, name)(right)
  if (name === 'sub') return method(torch, 'rsub')(right, left)
  if (name === 'pow') return method(torch, 'pow')(left, right)
  if (name === 'div') return method(method(right, 'reciprocal')(), 'mul')(left)
  return method(right, name)(left)
}

function index(owner: unknown, items: unknown[]): unknown {
  if (Array.isArray(owner)) return owner[items[0] as number]
  if (owner instanceof torch.Tensor) return method(owner, 'index')(items)
  throw new Missing('[]')
}
