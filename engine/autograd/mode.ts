// Whether operations are recorded: no_grad, enable_grad, set_grad_enabled, inference_mode.
import { PythonTypeError, pythonType } from '../errors'

// `using` looks for this symbol. Node has it; the realm that Jest runs tests in, and older browsers, may not.
if (!('dispose' in (Symbol as object)))
  Object.defineProperty(Symbol, 'dispose', { value: Symbol.for('Symbol.dispose') })

/** The switches that every operation looks at. Change them through a guard, which puts them back. */
export const mode = { grad: true, inference: false }

/** Something that lasts until its block ends: `using _ = torch.no_grad()`. */
export abstract class Guard implements Disposable {
  abstract restore(): void

  [Symbol.dispose](): void {
    this.restore()
  }
}

/** Remembers how the modes stood when it was made. */
export class ModeGuard extends Guard {
  private readonly grad = mode.grad
  private readonly inference = mode.inference

  restore(): void {
    mode.grad = this.grad
    mode.inference = this.inference
  }
}

/** A change that lasts as long as `body` runs, or until the guard that is returned is disposed of. */
export function guarded<T>(guard: Guard, change: () => void, body?: () => T): T | Guard {
  change()
  if (body === undefined) return guard
  try {
    return body()
  } finally {
    guard.restore()
  }
}

function inMode<T>(name: string, change: () => void, body?: () => T): T | Guard {
  if (body !== undefined && typeof body !== 'function') {
    throw new PythonTypeError(
      `${name}() takes a function, not ${pythonType(body)}`,
      `Write torch.${name}(() => …), which answers what the function returns.`,
    )
  }
  return guarded(new ModeGuard(), change, body)
}

/**
 * Nothing inside is recorded: results do not require grad. As a callback, `torch.no_grad(() => x.mul(2))`, it returns
 * what the callback returns; as a guard, `using _ = torch.no_grad()`, it lasts until the block ends. Either way the mode
 * is restored after an exception too.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.no_grad.html
 */
export function no_grad(): Guard
export function no_grad<T>(body: () => T): T
export function no_grad<T>(body?: () => T): T | Guard {
  return inMode(
    'no_grad',
    () => {
      mode.grad = false
    },
    body,
  )
}

/**
 * Operations are recorded again, inside a `no_grad`. Callback or guard, as {@link no_grad}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.enable_grad.html
 */
export function enable_grad(): Guard
export function enable_grad<T>(body: () => T): T
export function enable_grad<T>(body?: () => T): T | Guard {
  return inMode(
    'enable_grad',
    () => {
      mode.grad = true
    },
    body,
  )
}

/**
 * Turns recording on or off from here on, as a plain call; or for a block, as a guard or with a callback.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad_mode.set_grad_enabled.html
 */
export function set_grad_enabled(enabled: boolean): Guard
export function set_grad_enabled<T>(enabled: boolean, body: () => T): T
export function set_grad_enabled<T>(enabled: boolean, body?: () => T): T | Guard {
  if (typeof enabled !== 'boolean') {
    throw new PythonTypeError(`set_grad_enabled(): argument 'enabled' must be bool, not ${pythonType(enabled)}`)
  }
  return inMode(
    'set_grad_enabled',
    () => {
      mode.grad = enabled
    },
    body,
  )
}

/**
 * Stronger than {@link no_grad}: tensors made inside can never take part in a recorded computation.
 * `inference_mode(false)` lifts it for a block.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.grad_mode.inference_mode.html
 */
export function inference_mode(enabled?: boolean): Guard
export function inference_mode<T>(body: () => T): T
export function inference_mode<T>(enabled: boolean, body: () => T): T
export function inference_mode<T>(first?: boolean | (() => T), second?: () => T): T | Guard {
  const enabled = typeof first === 'function' ? true : (first ?? true)
  const body = typeof first === 'function' ? first : second
  return inMode(
    'inference_mode',
    () => {
      mode.inference = enabled
      mode.grad = !enabled
    },
    body,
  )
}

/** Whether operations are being recorded now. */
export function is_grad_enabled(): boolean {
  return mode.grad
}

/** Whether an {@link inference_mode} is in force now. */
export function is_inference_mode_enabled(): boolean {
  return mode.inference
}

/** Operations are recorded now: grad mode is on, and inference mode is off (enable_grad does not undo that). */
export function isRecording(): boolean {
  return mode.grad && !mode.inference
}
