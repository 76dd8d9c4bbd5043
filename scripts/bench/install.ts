// The peers stand in a package of their own: they are installed when somebody first measures them, never for a learner.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Misuse } from '../course'

export const benchRoot = __dirname

/** Name and version of each peer. */
export function peers(): Record<string, string> {
  return (JSON.parse(readFileSync(join(benchRoot, 'package.json'), 'utf8')) as { dependencies: Record<string, string> })
    .dependencies
}

/** Says what it will install, and installs it, if that was not done yet. */
export function installPeers(): void {
  if (Object.entries(peers()).every(([name, version]) => installedVersion(name) === version)) return
  console.error('Installing the engines to compare with, into scripts/bench/node_modules (about 200 MB):')
  for (const [name, version] of Object.entries(peers())) console.error(`  ${name} ${version}`)
  // Their install scripts would build graphics libraries, which nothing here uses.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: benchRoot,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    throw new Misuse('The peers could not be installed. `npm run bench -- --no-peers` measures this engine alone.')
  }
}

export function installedVersion(name: string): string | null {
  const file = join(benchRoot, 'node_modules', name, 'package.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : null
}
