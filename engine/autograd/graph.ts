// Where a tensor stands in the graph of recorded operations.
import type { Tensor, View } from '../tensor'
import { AccumulateGrad } from './accumulate'
import type { Node, OutputHook } from './node'
import { asStridedNode, checkView } from './rebase'

/**
 * Whether a gradient can flow to `t`: a leaf that asked for it, or the result of a recorded operation. A view of such a
 * tensor counts too, even if taken under no_grad.
 */
export function tracked(t: Tensor): boolean {
  return t._requiresGrad || (t._view !== null && (t._view.base._requiresGrad || gradFnOf(t) !== null))
}

/** The node that computed `t`, or null for a leaf. A view whose storage was changed in place since gets a new node. */
export function gradFnOf(t: Tensor): Node | null {
  const view = t._view
  return view === null || view.version === t._storageVersion ? t._gradFn : renewedGradFn(t, view)
}

/** Apart from it, because the compiler writes only short functions into their callers. */
function renewedGradFn(t: Tensor, view: View): Node | null {
  if (t._gradFn === null && !view.base._requiresGrad) return null
  checkView(t, true)
  view.version = t.storage.version
  replace(t, asStridedNode(view.base, t))
  return t._gradFn
}

/** Make `t` output `nr` of `node`. */
export function attach(t: Tensor, node: Node, nr: number): void {
  t._gradFn = node
  t._outputNr = nr
  if (joining.seen !== null) joining.seen(t, node, nr)
}

/** Make `t` the output of a newer `node`, because it was changed in place. What keeps its gradient goes along; hooks stay. */
export function replace(t: Tensor, node: Node): void {
  const { _gradFn: old, _outputNr: nr } = t
  attach(t, node, 0)
  if (!t._retainsGrad || old === null) return
  const keeps = (hook: OutputHook) => hook.last && hook.output === nr
  const hooks = old.outputHooks ?? []
  node.outputHooks = hooks.filter(keeps).map((hook) => ({ ...hook, output: 0 }))
  old.outputHooks = hooks.filter((hook) => !keeps(hook))
}

/** Who wants to see each tensor as it joins the graph: torch.draw, while it watches a computation. */
export const joining: { seen: ((t: Tensor, node: Node, nr: number) => void) | null } = { seen: null }

/** The node to which a gradient of `t` goes: its maker, a leaf's accumulator, or null where none is wanted. */
export function edgeOf(t: Tensor): Node | null {
  const made = gradFnOf(t)
  if (made !== null) return made
  if (!tracked(t)) return null
  t._accumulator ??= new AccumulateGrad(t)
  return t._accumulator
}
