// A typedoc plugin: every name that PyTorch has too gets a link to PyTorch's own page, by rule.
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'

const site = 'https://docs.pytorch.org/docs/stable'

/** Names that PyTorch's Python does not have, or has no page for. */
const oursAlone = new Set(
  [
    ...['draw', 'Drawing', 'slice', 'ellipsis', 'index_put_', 'TorchError', 'Node'],
    ...['autograd.FunctionContext', 'autograd.once_differentiable'],
    ...['Slice', 'alias', 'rsub', 'tensordot', 'slice', 'ellipsis', 'own', 'zeros', 'toString'].map(
      (name) => `Tensor.${name}`,
    ),
  ].map((name) => `torch.${name}`),
)

/** Functions here that are only methods in PyTorch, as those are whose names end in `_`. */
const onlyMethods = /^torch\.(\w+_|expand|expand_as|repeat|reshape_as|unfold|view|view_as)$/

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

const linked = ReflectionKind.Variable | ReflectionKind.Function | ReflectionKind.Class
const members = ReflectionKind.Method | ReflectionKind.Property | ReflectionKind.Accessor

/** The address of PyTorch's page, or null where there is none. */
export function pageOf(path) {
  if (oursAlone.has(path) || /\.(_|\[|[A-Z]\w*Error$|storage$|sizes$|strides$|offset$)/.test(path)) return null
  const name = path.replace(onlyMethods, 'torch.Tensor.$1')
  return `${site}/${shared.get(path) ?? `generated/${name}.html`}`
}

/** `torch.nn.functional.relu`, or null for what is not a public name of a value. */
function pathOf(reflection) {
  const { parent } = reflection
  if (reflection.kindOf(linked) && (parent?.isProject() || parent?.kindOf(ReflectionKind.Namespace))) {
    const outer = parent.isProject() ? 'torch' : `torch.${parent.getFullName()}`
    return `${outer}.${reflection.name}`
  }
  return reflection.kindOf(members) && parent?.name === 'Tensor' ? `torch.Tensor.${reflection.name}` : null
}

function link(reflection) {
  const path = pathOf(reflection)
  const page = path === null ? null : pageOf(path)
  if (page === null) return
  for (const owner of reflection.signatures ?? [reflection]) {
    owner.comment ??= new Comment([])
    const says = owner.comment.blockTags.some(
      ({ tag, content }) => tag === '@see' && content.some(({ text }) => text.includes(site)),
    )
    if (says) continue
    owner.comment.blockTags.push(new CommentTag('@see', [{ kind: 'text', text: `[${path} in PyTorch](${page})` }]))
  }
}

/** Called by typedoc. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    for (const reflection of Object.values(context.project.reflections)) link(reflection)
  })
}
