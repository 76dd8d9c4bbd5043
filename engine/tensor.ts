// A tensor: a view of some storage, and its place in the graph of recorded operations.
import type { AccumulateGrad } from './autograd/accumulate'
import { gradFnOf, tracked } from './autograd/graph'
import { assignData, assignGrad, setRequiresGrad } from './autograd/leaf'
import { mode } from './autograd/mode'
import type { Node } from './autograd/node'
import type { SavedTensor } from './autograd/saved'
import { type DType, float32, type TypedArray } from './dtype'
import { AttributeError, PythonTypeError, RuntimeError } from './errors'
import { rowMajor } from './kernels/map'
import type { TensorMethods } from './ops/methods'
import { formatTensor } from './print'
import { contiguousStrides, type Layout, layoutOf, numelOf, type Sizes } from './shape'
import { Storage } from './storage'
import { NON_LEAF_GRAD, T_NOT_2D, warn } from './warnings'

/** How a view came about, because not every view may be changed in place. */
export type ViewKind = 'tracked' | 'no_grad' | 'several outputs' | 'custom function'

/** What a view knows of the tensor that it looks into. */
export interface View {
  /** The tensor whose storage it is, never a view itself. */
  readonly base: Tensor
  kind: ViewKind
  /** The version of the storage for which the view's `_gradFn` is right. */
  version: number
}

/** What few tensors have. Most are results of plain operations: all of them share {@link NOTHING_RARE}. */
class Rare {
  /** How far behind the start of its storage the first element is. */
  storageOffset = 0
  wantsGrad = false
  grad: Tensor | null = null
  outputNr = 0
  accumulator: AccumulateGrad | null = null
  view: View | null = null
  inference = false
  retainsGrad = false
  saved: SavedTensor | null = null
}

const NOTHING_RARE: Readonly<Rare> = new Rare()

// Merged with the class: the methods follow from the tables in ops/, see ops/methods.ts.
export interface Tensor extends TensorMethods {}

/**
 * An n-dimensional array of numbers that can remember how it was computed.
 *
 * Made by {@link tensor}, `zeros`, `randn` and their like, never by `new`. Element (i, j, …) is
 * `storage.data[offset + i * strides[0] + j * strides[1] + …]`; a view has its own sizes, strides and offset over the same
 * storage. Fields that begin with an underscore belong to autograd/.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: what the interface promises, ops/methods.ts puts on the prototype
export class Tensor {
  // Fields are declared here and made in the constructor: else JavaScript would first make each of them empty.

  /**
   * What holds the elements: a storage; or, in a float32 scalar that nothing looks into, the number itself, because an array
   * for one number would cost more than all else about it. Read it through `storage`, or through `numberIn`.
   */
  declare _memory: Storage | number
  /** Sizes, strides and dtype, shared with tensors that have the same. */
  declare _layout: Layout
  /** The node that computed this tensor; null for a leaf. Read it through `gradFnOf`: a view may be out of date. */
  declare _gradFn: Node | null
  declare private _rare: Readonly<Rare>

  constructor(memory: Storage | number, layout: Layout, offset: number) {
    this._memory = memory
    this._layout = layout
    this._gradFn = null
    this._rare = NOTHING_RARE
    if (typeof memory !== 'number' && offset !== memory.start) this._ownRare.storageOffset = offset - memory.start
    if (mode.inference) this._inference = true
  }

  private get _ownRare(): Rare {
    if (this._rare === NOTHING_RARE) this._rare = new Rare()
    return this._rare as Rare
  }

  /** Asked for by the user on a leaf; true of every recorded result. Read it through `tracked`. */
  get _requiresGrad(): boolean {
    return this._gradFn !== null || this._rare.wantsGrad
  }

  set _requiresGrad(value: boolean) {
    if (value !== this._requiresGrad) this._ownRare.wantsGrad = value
  }

  get _grad(): Tensor | null {
    return this._rare.grad
  }

  set _grad(value: Tensor | null) {
    if (value !== this._rare.grad) this._ownRare.grad = value
  }

  /** Which output of `_gradFn` this is. */
  get _outputNr(): number {
    return this._rare.outputNr
  }

  set _outputNr(value: number) {
    if (value !== this._rare.outputNr) this._ownRare.outputNr = value
  }

  /** A leaf's end of the graph, made when it is first used. */
  get _accumulator(): AccumulateGrad | null {
    return this._rare.accumulator
  }

  set _accumulator(value: AccumulateGrad | null) {
    if (value !== this._rare.accumulator) this._ownRare.accumulator = value
  }

  /** What makes it a view; null for a tensor with storage of its own. */
  get _view(): View | null {
    return this._rare.view
  }

  set _view(value: View | null) {
    if (value !== this._rare.view) this._ownRare.view = value
  }

  get _inference(): boolean {
    return this._rare.inference
  }

  set _inference(value: boolean) {
    if (value !== this._rare.inference) this._ownRare.inference = value
  }

  get _retainsGrad(): boolean {
    return this._rare.retainsGrad
  }

  set _retainsGrad(value: boolean) {
    if (value !== this._rare.retainsGrad) this._ownRare.retainsGrad = value
  }

  /** What operations that saved this tensor share, if it was changed in place before (autograd/saved.ts). */
  get _saved(): SavedTensor | null {
    return this._rare.saved
  }

  set _saved(value: SavedTensor | null) {
    if (value !== this._rare.saved) this._ownRare.saved = value
  }

  /** The same elements at the same place in the graph: as this tensor is now, whatever becomes of it. */
  _twin(): Tensor {
    const twin = new Tensor(this.storage, this._layout, this.offset)
    twin._gradFn = this._gradFn
    Object.assign(twin._ownRare, this._rare, { saved: null })
    if (this._view !== null) twin._view = { ...this._view }
    return twin
  }

  /** Where in `storage.data` the first element is. */
  get offset(): number {
    return typeof this._memory === 'number' ? 0 : this._memory.start + this._rare.storageOffset
  }

  set offset(value: number) {
    const storageOffset = value - this.storage.start
    if (storageOffset !== this._rare.storageOffset) this._ownRare.storageOffset = storageOffset
  }

  /** The memory that holds the elements, shared with every view of them. */
  get storage(): Storage {
    const memory = this._memory
    return typeof memory === 'number' ? inStorage(this, memory) : memory
  }

  /** How often the storage was changed in place; a number that has none yet never was. */
  get _storageVersion(): number {
    return typeof this._memory === 'number' ? 0 : this._memory.version
  }

  /** The length of each dimension; `shape` is a copy of it. */
  get sizes(): Sizes {
    return this._layout.sizes
  }

  /** How far apart in storage neighbours of each dimension are. */
  get strides(): Sizes {
    return this._layout.strides
  }

  /** The type of its elements: `torch.float32` and so on. */
  get dtype(): DType {
    return this._layout.dtype
  }

  /** The sizes of its dimensions; [] for a scalar. */
  get shape(): number[] {
    return [...this.sizes]
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.sizes.length
  }

  /** Whether a gradient flows to this tensor: asked for on a leaf, inherited by what is computed from it. */
  get requires_grad(): boolean {
    return tracked(this)
  }

  set requires_grad(value: boolean) {
    if (typeof value !== 'boolean') throw new RuntimeError('requires_grad must be a bool')
    setRequiresGrad(this, value, 'floating point and complex')
  }

  /** What backward passes have added up here, or null before the first. Assign null, or a tensor of the same shape. */
  get grad(): Tensor | null {
    if (this._grad === null && this._gradFn !== null && !this._retainsGrad) warn(NON_LEAF_GRAD)
    return this._grad
  }

  set grad(value: Tensor | null) {
    assignGrad(this, value)
  }

  /** The node of the operation that computed this tensor; null for a leaf. */
  get grad_fn(): Node | null {
    return gradFnOf(this)
  }

  set grad_fn(_: never) {
    throw readOnly('grad_fn')
  }

  /** Made by the user, or not tracked: backward passes leave gradients only here. */
  get is_leaf(): boolean {
    return gradFnOf(this) === null
  }

  set is_leaf(_: never) {
    throw readOnly('is_leaf')
  }

  /** Whether {@link retain_grad} was asked for. */
  get retains_grad(): boolean {
    return this._retainsGrad
  }

  /** Which output of its `grad_fn` this is. */
  get output_nr(): number {
    return this._outputNr
  }

  /** How many times the storage was changed in place. */
  get _version(): number {
    if (this._inference) throw new RuntimeError('Inference tensors do not track version counter.')
    return this._storageVersion
  }

  /** The same elements, cut off from the graph and from version counting: changes go unnoticed. Prefer {@link detach}. */
  get data(): Tensor {
    const { data, start, length } = this.storage
    return new Tensor(new Storage(data, start, length), this._layout, this.offset)
  }

  set data(value: Tensor) {
    assignData(this, value)
  }

  /** How many bytes an element takes. */
  get itemsize(): number {
    return this.dtype.itemsize
  }

  /** How many bytes all elements take. */
  get nbytes(): number {
    return numelOf(this.sizes) * this.dtype.itemsize
  }

  /** Where the elements are: always 'cpu'. */
  get device(): 'cpu' {
    return 'cpu'
  }

  /** Always true. */
  get is_cpu(): boolean {
    return true
  }

  /** Always false. */
  get is_cuda(): boolean {
    return false
  }

  /** All dimensions in reverse order; the transpose of a matrix. */
  get T(): Tensor {
    if (this.sizes.length !== 2) warn(T_NOT_2D)
    return this.permute(this.sizes.map((_, d) => this.sizes.length - 1 - d))
  }

  /** The last two dimensions exchanged: the transpose of each matrix of a batch. */
  get mT(): Tensor {
    return matricesTransposed(this as Tensor, 'mT')
  }

  /** The transpose of a matrix, conjugated where numbers are complex. */
  get H(): Tensor {
    if (this.sizes.length !== 0 && this.sizes.length !== 2) {
      throw new RuntimeError(
        `tensor.H is only supported on matrices (2-D tensors). Got ${this.sizes.length}-D tensor.${this.sizes.length > 2 ? ' For batches of matrices, consider using tensor.mH' : ''}`,
      )
    }
    return this.sizes.length === 0 ? (this as Tensor) : this.transpose(0, 1)
  }

  /** {@link mT}, conjugated where numbers are complex. */
  get mH(): Tensor {
    return matricesTransposed(this as Tensor, 'mH')
  }

  /** As PyTorch's repr prints it. */
  toString(): string {
    const { sizes, dtype } = this
    const { data, offset } = rowMajor(this)
    const at = dtype.name === 'bool' ? (i: number) => data[offset + i] === 1 : (i: number) => data[offset + i]!
    const grad_fn = makerOf(this)
    return formatTensor({ sizes, dtype: dtype.name, at }, { requires_grad: tracked(this), grad_fn })
  }

  /** The tensors along dimension 0. */
  [Symbol.iterator](): Iterator<Tensor> {
    if (this.sizes.length === 0) throw new PythonTypeError('iteration over a 0-d tensor')
    return this.unbind(0)[Symbol.iterator]()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** Text where text is asked for. JavaScript would make NaN of `4 * x`, and `x < 1000` false for ever: better an error. */
  [Symbol.toPrimitive](wanted: string): string {
    if (wanted === 'string') return this.toString()
    throw new PythonTypeError(
      'operators such as *, + and < do not work on a Tensor in JavaScript',
      'Use methods: x.mul(4) for 4 * x, x.add(y) for x + y, x.lt(1000).item() for x < 1000. To join a tensor to a text, write String(x).',
    )
  }

  /** A tensor that owns `data`, laid out row by row. */
  static own(data: TypedArray, sizes: Sizes, dtype: DType): Tensor {
    return new Tensor(new Storage(data), layoutOf(sizes, contiguousStrides(sizes), dtype), 0)
  }

  /** A scalar. */
  static scalar(value: number, dtype: DType): Tensor {
    const memory = dtype === float32 ? Math.fround(value) : Storage.of(value, dtype)
    return new Tensor(memory, dtype.scalar, 0)
  }

  /** A fresh tensor that will be written in full: what is in it now means nothing. */
  static forResult(sizes: Sizes, dtype: DType): Tensor {
    const storage = Storage.forResult(dtype, numelOf(sizes))
    return new Tensor(storage, layoutOf(sizes, contiguousStrides(sizes), dtype), storage.start)
  }

  /** A fresh tensor of zeros. */
  static zeros(sizes: Sizes, dtype: DType): Tensor {
    return new Tensor(Storage.zeros(dtype, numelOf(sizes)), layoutOf(sizes, contiguousStrides(sizes), dtype), 0)
  }
}

/** Somebody looks into a scalar: from now on its number lies in storage. */
function inStorage(t: Tensor, value: number): Storage {
  const storage = Storage.of(value, t.dtype)
  t._memory = storage
  return storage
}

/** The name of the node that computed `t`, as it is printed. */
function makerOf(t: Tensor): string | undefined {
  try {
    return gradFnOf(t)?.name().replace(/^.*::/, '')
  } catch (error) {
    if (error instanceof RuntimeError) return 'Invalid' // a view for which no history can be written
    throw error
  }
}

function readOnly(attribute: string): AttributeError {
  return new AttributeError(
    `attribute '${attribute}' of 'torch._C.TensorBase' objects is not writable`,
    'It follows from how the tensor was made: detach() cuts it off from what computed it.',
  )
}

/** What is written out of habit and means nothing here; said aloud instead of answering undefined. */
function refuse(property: string, python: string, hint: string): void {
  const complain = () => {
    throw new PythonTypeError(`${python} is not how it is said in JavaScript`, hint)
  }
  Object.defineProperty(Tensor.prototype, property, { get: complain, set: complain, configurable: true })
}

// JavaScript's brackets can't be given a meaning for every index; for the first few they can at least explain themselves.
for (let k = 0; k < 10; k++) {
  refuse(
    String(k),
    `x[${k}]`,
    `x.index([${k}]) reads, x.index_put_([${k}], value) writes; x.index([torch.slice(1, 3)]) is x[1:3].`,
  )
}
refuse('length', 'x.length', 'x.size(0) is len(x), x.numel() the number of all elements.')

function matricesTransposed(t: Tensor, name: string): Tensor {
  if (t.sizes.length === 1) {
    throw new RuntimeError(`tensor.${name} is only supported on matrices or batches of matrices. Got 1-D tensor.`)
  }
  if (t.sizes.length > 0) return t.transpose(-2, -1)
  warn(`Tensor.${name} is deprecated on 0-D tensors. This function is the identity in these cases.`)
  return t
}
