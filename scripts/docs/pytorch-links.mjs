// A typedoc plugin: each function's shapes and errors, and a link to PyTorch's own page for every name that PyTorch has too.
import { createRequire } from 'node:module'
import { Comment, CommentTag, Converter, ReflectionKind } from 'typedoc'

const require = createRequire(import.meta.url)
const { errorsOf, original, shapeOf, textOf } = require('./docstrings.js')
const { pageOf, site } = require('./pages.js')

const linked = ReflectionKind.Variable | ReflectionKind.Function | ReflectionKind.Class
const members = ReflectionKind.Method | ReflectionKind.Property | ReflectionKind.Accessor

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
  if (page === null || says(reflection, '@see', site)) return
  add(reflection, '@see', `[${path} in PyTorch](${page})`)
}

/** The docstring of a method, which is its function's; shapes that are shared with another function; and what its code throws. */
function derive(reflection, symbol, checker, names, symbols) {
  for (const owner of reflection.signatures ?? [reflection]) {
    owner.comment ??= new Comment([{ kind: 'text', text: textOf(symbol, checker) }])
  }
  if (!says(reflection, '@shape')) {
    const shape = shapeOf(symbol, checker, (name) => names.get(name))
    if (shape !== null) add(reflection, '@shape', shape)
  }
  const lines = new Set(
    errorsOf(symbol, checker, (one) => symbols.has(one)).map(({ error, message }) => `- ${error}: ${message}`),
  )
  if (lines.size > 0) add(reflection, '@throws', [...lines].join('\n'))
}

function says(reflection, tag, text = '') {
  return (reflection.signatures ?? [reflection]).some(({ comment }) =>
    comment?.blockTags.some((one) => one.tag === tag && one.content.some((part) => part.text.includes(text))),
  )
}

function add(reflection, tag, text) {
  for (const owner of reflection.signatures ?? [reflection]) {
    owner.comment ??= new Comment([])
    owner.comment.blockTags.push(new CommentTag(tag, [{ kind: 'text', text }]))
  }
}

/** Called by typedoc. */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, (context) => {
    const checker = context.programs[0].getTypeChecker()
    const named = Object.values(context.project.reflections).flatMap((reflection) => {
      const symbol = pathOf(reflection) === null ? undefined : context.getSymbolFromReflection(reflection)
      return symbol ? [[reflection, original(symbol, checker)]] : []
    })
    const names = new Map(named.map(([reflection, symbol]) => [reflection.name, symbol]))
    const symbols = new Set(named.map(([, symbol]) => symbol))
    for (const [reflection, symbol] of named) {
      if (!reflection.kindOf(ReflectionKind.Class)) derive(reflection, symbol, checker, names, symbols)
      link(reflection)
    }
  })
}
