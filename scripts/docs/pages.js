// Which page of PyTorch's documentation a public name of the engine belongs to, by rule.
const site = 'https://docs.pytorch.org/docs/stable'

/** Names that PyTorch's Python does not have, or has no page for. */
const oursAlone = new Set(
  [
    ...['draw', 'Drawing', 'slice', 'Slice', 'ellipsis', 'index_put_', 'TorchError', 'Node'],
    ...['autograd.FunctionContext', 'autograd.once_differentiable'],
    ...['Slice', 'alias', 'rsub', 'tensordot', 'slice', 'ellipsis', 'own', 'zeros', 'toString'].map(
      (name) => `Tensor.${name}`,
    ),
  ].map((name) => `torch.${name}`),
)

/** Functions here that are only methods in PyTorch, as those are whose names end in `_`. */
const onlyMethods = /^torch\.(\w+_|expand|expand_as|repeat|reshape_as|sum_to_size|unfold|view|view_as)$/

/** Names that stand together on a page of their own. */
const shared = new Map([
  ['torch.Tensor', 'tensors.html'],
  ['torch.Size', 'size.html'],
  ...['bool', 'float32', 'float64', 'int32', 'int64', 'DType'].map((name) => [
    `torch.${name}`,
    'tensor_attributes.html',
  ]),
  ['torch.inference_mode', 'generated/torch.autograd.grad_mode.inference_mode.html'],
  ['torch.set_grad_enabled', 'generated/torch.autograd.grad_mode.set_grad_enabled.html'],
  ['torch.autograd.Function', 'autograd.html#torch.autograd.Function'],
])

/** The address of PyTorch's page, or null where there is none: the name is the engine's own. */
function pageOf(path) {
  if (oursAlone.has(path) || /\.(_|\[|[A-Z]\w*Error$|storage$|sizes$|strides$|offset$)/.test(path)) return null
  const name = path.replace(onlyMethods, 'torch.Tensor.$1')
  return `${site}/${shared.get(path) ?? `generated/${name}.html`}`
}

module.exports = { pageOf, site }
