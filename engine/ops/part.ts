// Views that show a part of a tensor, and their adjoints: zeros with the gradient laid into that part.
import { positions } from '../kernels/layout'
import { assign } from '../kernels/map'
import { layoutOf, numelOf, type Sizes } from '../shape'
import { Tensor } from '../tensor'
import { op1 } from './op'
import { type Geometry, type ViewOp, viewOp } from './view'

/** The adjoint of a view that shows a part: zeros of the whole, with the gradient laid into the part. */
export function intoZeros<Args>(gradFn: string, view: (whole: Tensor, args: Args) => Tensor, overlaps = false) {
  return op1<{ sizes: Sizes; args: Args }>({
    gradFn,
    forward: (grad, { sizes, args }) => {
      const whole = Tensor.zeros(sizes, grad.dtype)
      const part = view(whole, args)
      if (overlaps) addInto(part, grad)
      else assign(part, grad)
      return whole
    },
    self: (grad, { args: { args } }) => view(grad, args),
    samples: () => [], // checked through the second gradient of the view itself
  })
}

/** `part += grad`, element by element, because several elements of a part may be one element of the whole. */
function addInto(part: Tensor, grad: Tensor): void {
  const { data } = part.storage
  const from = positions(grad.sizes, grad.strides, grad.offset)
  const to = positions(part.sizes, part.strides, part.offset)
  for (let i = 0; i < to.length; i++) data[to[i]!] = data[to[i]!]! + grad.storage.data[from[i]!]!
}

const selectBackward = intoZeros<[number, number]>('SelectBackwardBackward0', (whole, args) => selectIndex(whole, args))

/** One index of a dimension, which goes away. */
export const selectIndex: ViewOp<[number, number]> = viewOp<[dim: number, index: number]>({
  gradFn: 'SelectBackward0',
  geometry: ({ sizes, strides, offset }, [dim, index]) => [
    sizes.toSpliced(dim, 1),
    strides.toSpliced(dim, 1),
    offset + index * strides[dim]!,
  ],
  self: (grad, { selfSizes, args }) => selectBackward(grad, { sizes: selfSizes, args }),
  samples: (t) => [
    [
      t([
        [1, 2],
        [3, 4],
      ]),
      [1, 0],
    ],
  ],
})

/** `start:stop:step` along one dimension, with 0 <= start <= stop <= size. */
export interface Range {
  dim: number
  start: number
  stop: number
  step: number
}

const sliceBackward = intoZeros<Range>('SliceBackwardBackward0', (whole, range) => sliceRange(whole, range))

/** The elements `start:stop:step` of one dimension. */
export const sliceRange: ViewOp<Range> = viewOp<Range>({
  gradFn: 'SliceBackward0',
  geometry: ({ sizes, strides, offset }, { dim, start, stop, step }) => [
    sizes.with(dim, Math.max(0, Math.ceil((stop - start) / step))),
    strides.with(dim, strides[dim]! * step),
    offset + start * strides[dim]!,
  ],
  self: (grad, { selfSizes, args }) => sliceBackward(grad, { sizes: selfSizes, args }),
  samples: (t) => [[t([1, 2, 3, 4]), { dim: 0, start: 1, stop: 4, step: 2 }]],
})

interface Strided {
  geometry: Geometry
  /** The geometry of the tensor that the view was taken of: a gradient of the view is laid into a storage like its. */
  from: Geometry
}

const asStridedBackward = op1<Strided>({
  gradFn: 'AsStridedBackwardBackward0',
  forward: (grad, { geometry: [sizes, strides, offset], from: [wholeSizes, wholeStrides, wholeOffset] }) => {
    const end = Math.max(reach(wholeSizes, wholeStrides, wholeOffset), reach(sizes, strides, offset))
    const storage = Tensor.zeros([end], grad.dtype).storage
    addInto(new Tensor(storage, layoutOf(sizes, strides, grad.dtype), offset), grad)
    return new Tensor(storage, layoutOf(wholeSizes, wholeStrides, grad.dtype), wholeOffset)
  },
  self: (grad, { args: { geometry, from } }) => {
    const [sizes, strides, offset] = geometry
    const [wholeSizes, wholeStrides, wholeOffset] = from
    const whole = grad.new_empty_strided(wholeSizes, wholeStrides).copy_(grad)
    return whole.as_strided(sizes, strides, offset - wholeOffset)
  },
  samples: () => [],
})

/** One past the last place in storage that a geometry touches. */
export function reach(sizes: Sizes, strides: Sizes, offset: number): number {
  return numelOf(sizes) === 0 ? 0 : sizes.reduce((end, size, d) => end + (size - 1) * strides[d]!, offset) + 1
}

/** Any geometry over the same storage. */
export const asStrided: ViewOp<Strided> = viewOp<Strided>({
  gradFn: 'AsStridedBackward0',
  geometry: (_, { geometry }) => geometry,
  self: (grad, { args }) => asStridedBackward(grad, args),
  samples: (t) => [[t([1, 2, 3, 4]), { geometry: [[2, 2], [1, 2], 0], from: [[4], [1], 0] }]],
})
