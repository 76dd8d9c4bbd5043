// Every operation as a method: x.mul(y) is mul(x, y). There is no list: the modules are it.
import type * as backwardModule from '../autograd/backward'
import type * as leafModule from '../autograd/leaf'
import * as backward from '../autograd/method'
import { Tensor } from '../tensor'
import * as addition from './addition'
import * as aliases from './aliases'
import * as arithmetic from './arithmetic'
import * as basic from './basic'
import * as bits from './bits'
import * as bounds from './bounds'
import type * as calculusModule from './calculus'
import { diff } from './calculus'
import * as chains from './chains'
import * as compare from './compare'
import * as counting from './counting'
import * as covariance from './covariance'
import * as distance from './distance'
import * as extreme from './extreme'
import * as fresh from './fresh'
import * as functions from './functions'
import type * as gammaModule from './gamma'
import { digamma, digamma_, erfc, erfc_, lgamma, lgamma_ } from './gamma'
import * as gathering from './gathering'
import * as indexing from './indexing'
import * as linalg from './linalg'
import * as matrix from './matrix'
import * as mixing from './mixing'
import * as multinomial from './multinomial'
import * as nan from './nan'
import * as norm from './norm'
import * as order from './order'
import * as picking from './picking'
import * as products from './products'
import type * as randomModule from './random'
import { bernoulli, bernoulli_, exponential_, normal_, uniform_ } from './random'
import * as ranks from './ranks'
import * as rearranging from './rearranging'
import * as reduce from './reduce'
import * as rounding from './rounding'
import * as scan from './scan'
import * as scatterReduce from './scatter-reduce'
import * as softmax from './softmax'
import * as solving from './solving'
import * as sort from './sort'
import * as special from './special'
import * as split from './split'
import * as statistics from './statistics'
import * as transcendental from './transcendental'
import * as views from './views'
import { where } from './where'
import * as writing from './writing'

/** A function of a tensor, without its first parameter; up to three call forms. */
type Method<F> = F extends {
  (self: Tensor, ...args: infer A): infer R
  (self: Tensor, ...args: infer B): infer S
  (self: Tensor, ...args: infer C): infer T
}
  ? { (...args: A): R; (...args: B): S; (...args: C): T }
  : F extends (self: Tensor, ...args: infer A) => infer R
    ? (...args: A) => R
    : never

type Methods<Module> = { [Name in keyof Module]: Method<Module[Name]> }

/** The part of a module that is listed elsewhere; taken from the module itself, because a re-export has no docstring. */
type Named<Module, List> = Pick<Module, keyof Module & keyof List>

/** The methods of {@link Tensor} that operations bring. */
export interface TensorMethods
  extends Methods<Named<typeof backwardModule, typeof backward>>,
    Methods<Named<typeof leafModule, typeof backward>>,
    Methods<typeof aliases>,
    Methods<typeof basic>,
    Methods<typeof bits>,
    Methods<typeof compare>,
    Methods<typeof extreme>,
    Methods<typeof fresh>,
    Methods<typeof gathering>,
    Methods<typeof indexing>,
    Methods<typeof linalg>,
    Methods<typeof matrix>,
    Methods<typeof norm>,
    Methods<typeof order>,
    Methods<typeof picking>,
    Methods<typeof arithmetic>,
    Methods<typeof bounds>,
    Methods<typeof functions>,
    Methods<typeof products>,
    Methods<typeof reduce>,
    Methods<typeof solving>,
    Methods<typeof rounding>,
    Methods<typeof scan>,
    Methods<typeof scatterReduce>,
    Methods<typeof softmax>,
    Methods<typeof sort>,
    Methods<typeof special>,
    Methods<typeof split>,
    Methods<typeof statistics>,
    Methods<typeof mixing>,
    Methods<typeof transcendental>,
    Methods<typeof views>,
    Methods<typeof addition>,
    Methods<typeof chains>,
    Methods<typeof counting>,
    Methods<typeof distance>,
    Methods<typeof multinomial>,
    Methods<typeof nan>,
    Methods<typeof ranks>,
    Methods<Named<typeof calculusModule, typeof calculus>>,
    Methods<Named<typeof gammaModule, typeof gamma>>,
    Methods<typeof covariance>,
    Methods<typeof rearranging>,
    Methods<typeof writing>,
    Methods<Named<typeof randomModule, typeof random>> {
  /**
   * `self` where the condition holds, `other` elsewhere.
   * @shape A, B, C → broadcast(A, B, C)
   */
  where(condition: Tensor, other: Tensor | number): Tensor
}

const calculus = { diff }
const gamma = { digamma, digamma_, erfc, erfc_, lgamma, lgamma_ }
const random = { bernoulli, bernoulli_, exponential_, normal_, uniform_ }

const families = [
  aliases,
  backward,
  basic,
  bits,
  compare,
  extreme,
  fresh,
  gathering,
  indexing,
  linalg,
  matrix,
  norm,
  order,
  picking,
  arithmetic,
  bounds,
  functions,
  products,
  reduce,
  solving,
  rounding,
  scan,
  scatterReduce,
  softmax,
  sort,
  special,
  split,
  statistics,
  mixing,
  transcendental,
  views,
  addition,
  chains,
  counting,
  distance,
  multinomial,
  nan,
  ranks,
  calculus,
  covariance,
  rearranging,
  writing,
  gamma,
  random,
]

type AnyFunction = (self: Tensor, ...args: unknown[]) => unknown

function method(name: string, value: unknown): void {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true })
}

for (const family of families) {
  for (const [name, operation] of Object.entries(family)) {
    const call = operation as AnyFunction
    method(name, function (this: Tensor, ...args: unknown[]) {
      return call(this, ...args)
    })
  }
}

method('where', function (this: Tensor, condition: Tensor, other: Tensor | number) {
  return where(condition, this, other)
})
