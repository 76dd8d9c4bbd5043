// Processes that end within seconds: what V8 spends on optimizing functions, they do not get back.
const later = '--invocation-count-for-turbofan=45000'
const options: Record<string, string> = { 20: '--interrupt-budget=1000000', 22: later, 24: later }
const [major = ''] = process.versions.node.split('.')

/** Options of V8 under which only what has run for long is optimized, fifteen times as long as otherwise. None for a V8 that may not know them: Node would not start. */
export const patience = [options[major] ?? []].flat()

/** So much room for what is new that most of it is forgotten before V8 has to look what is still needed. */
export const youngSpace = ['--min-semi-space-size=16', '--max-semi-space-size=64']
