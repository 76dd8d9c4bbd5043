// PyTorch's warnings, each given once.

export const NON_LEAF_GRAD =
  "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information."

export const T_NOT_2D =
  'The use of `x.T` on tensors of dimension other than 2 to reverse their shape is deprecated and it will throw an error in a future release. Consider `x.mT` to transpose batches of matrices or `x.permute(*torch.arange(x.ndim - 1, -1, -1))` to reverse the dimensions of a tensor.'

export const CREATE_GRAPH =
  'Using backward() with create_graph=True will create a reference cycle between the parameter and its gradient which can cause a memory leak. We recommend using autograd.grad when creating the graph to avoid this. If you have to use this function, make sure to reset the .grad fields of your parameters to None after use to break the cycle and avoid the leak.'

export const COPY_OF_TENSOR =
  'To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).'

export const TRACKED_TO_SCALAR =
  'Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\nConsider using tensor.detach() first.'

type Handler = (message: string) => void

const given = new Set<string>()

let handler: Handler = (message) => {
  if (given.has(message)) return
  given.add(message)
  console.warn(`UserWarning: ${message}`)
}

/** Something is probably not meant: said once on the console, or to whoever listens. */
export function warn(message: string): void {
  handler(message)
}

/** Hands every warning to `listener` instead of the console; returns what was there before. */
export function set_warning_handler(listener: Handler): Handler {
  const before = handler
  handler = listener
  return before
}
