// What each run does before its suite: loads what every suite works with, then waits until there is something to judge. Runs inside Jest.
import '../lesson'

/** Jest awaits it. */
export = () => globalThis.gradusGate?.()
