// Opens the page in the learner's browser, where there is one.
import type { Words } from './words'

/** `say` is told when there is none. */
export async function openBrowser(address: string, say: (text: string) => void, words: Words): Promise<void> {
  if (address === '') return
  const failed = () => say(words.noBrowser(address))
  if (!hasBrowser()) return failed()
  try {
    // An ES module, hence not imported above.
    const { default: open } = await import('open')
    const child = await open(address)
    child.once('error', failed)
    child.once('exit', (code) => code !== 0 && code !== null && failed())
  } catch {
    failed()
  }
}

/** On a machine without a display (over SSH, in a container) the address that is printed has to do. */
export function hasBrowser(): boolean {
  const { env, platform } = process
  if (env.CI || env.BROWSER === 'none') return false
  if (platform !== 'linux') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME || env.BROWSER)
}
