// Anomaly detection: a backward pass that stops at the first nan and says which operation made it.
import { RuntimeError } from '../errors'
import type { Tensor } from '../tensor'
import { warn } from '../warnings'
import { Guard, guarded } from './mode'
import type { Node } from './node'

/** `on` changes what errors say; `check` looks for nan as well. */
export const anomaly = { on: false, check: false }

class AnomalyGuard extends Guard {
  private readonly before = { ...anomaly }

  restore(): void {
    Object.assign(anomaly, this.before)
  }
}

/**
 * Turns anomaly detection on or off: for a block, as a guard or with a callback, or from here on.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#anomaly-detection
 */
export function set_detect_anomaly(enabled: boolean, options?: { check_nan?: boolean }): Guard
export function set_detect_anomaly<T>(enabled: boolean, body: () => T): T
export function set_detect_anomaly<T>(enabled: boolean, second: { check_nan?: boolean } | (() => T) = {}): T | Guard {
  const check_nan = typeof second === 'function' ? true : (second.check_nan ?? true)
  return guarded(
    new AnomalyGuard(),
    () => {
      anomaly.on = enabled
      anomaly.check = enabled && check_nan
    },
    typeof second === 'function' ? second : undefined,
  )
}

const SLOW =
  'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.'

/** {@link set_detect_anomaly} turned on. */
export function detect_anomaly(): Guard
export function detect_anomaly<T>(body: () => T): T
export function detect_anomaly<T>(body?: () => T): T | Guard {
  warn(SLOW)
  return body === undefined ? set_detect_anomaly(true) : set_detect_anomaly(true, body)
}

/** Refuses gradients that are not numbers. */
export function refuseNaN(node: Node, grads: readonly (Tensor | null)[]): void {
  grads.forEach((grad, k) => {
    if (grad?.detach().isnan().any().item()) {
      throw new RuntimeError(`Function '${node.name()}' returned nan values in its ${k}th output.`)
    }
  })
}
