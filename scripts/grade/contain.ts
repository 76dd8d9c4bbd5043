// How the process that holds a submission is started: with nothing of this one's environment, and, where the system has bubblewrap, without network,
// other processes, or any file but Node's, the suites' and the engine's.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { kitRoot } from '../course'
import { patience } from '../patience'
import { channelDescriptor } from '../runner/channel'
import { stackOption } from './sandbox/machine'

export type Containment = 'bubblewrap' | 'process'

export interface WorkerPlace {
  containment: Containment
  /** Suites to be seen inside. */
  suites: string[]
  /** The suites, the engine and the kit's programs, compiled: see modules.js. */
  cache: string
  /** It is to be written. */
  keeps?: boolean
}

/** Starts scripts/grade/worker.ts. */
export function startWorker(place: WorkerPlace): ChildProcess {
  const options = [...stackOption, ...patience, '--max-old-space-size=512', ...permissions(place)]
  const node = [...options, require.resolve('../gradus.js'), 'grade/worker']
  const env = { ...bareEnvironment(), GRADUS_CACHE: place.cache }
  const stdio = ['pipe', 'ignore', 'pipe', ...Array.from({ length: channelDescriptor - 2 }, () => 'pipe')] as 'pipe'[]
  if (place.containment === 'process') return spawn(process.execPath, node, { cwd: kitRoot, env, stdio })
  const words = [...walls({ seen: [...place.suites, place.cache] }), realpathSync(process.execPath), ...node]
  return spawn('bwrap', words, { cwd: kitRoot, env, stdio })
}

/** Nothing of the grader's environment: tokens, paths, names. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot, PATH } = process.env
  return { NO_COLOR: '1', TZ: 'UTC', GRADUS_GRADING: '1', ...(SystemRoot ? { SystemRoot } : { PATH: PATH ?? '' }) }
}

/**
 * Node's own walls: no other program, no addon, and nothing written. What runs here must read too much for them to hide anything, so that they are
 * not enough where bubblewrap can be had.
 */
function permissions({ cache, keeps }: WorkerPlace): string[] {
  const has = (option: string) => process.allowedNodeEnvironmentFlags.has(option)
  if (process.platform === 'win32' || !has('--allow-addons')) return []
  const begin = has('--permission') ? '--permission' : '--experimental-permission'
  const write = keeps ? [`--allow-fs-write=${join(dirname(cache), '*')}`] : []
  return [begin, '--allow-fs-read=*', ...write, '--allow-worker', '--no-warnings']
}

/** Options of bwrap: behind it there are no network, no other process, and no file but these, none of which can be written. */
export function walls({ seen }: { seen: string[] }): string[] {
  const kits = ['engine', 'scripts', 'node_modules', 'package.json', 'tsconfig.json', 'jest.config.ts']
  const libraries = ['/lib', '/lib64', '/lib32', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/etc/ld.so.cache']
  const readable = [
    ...libraries.filter(existsSync),
    realpathSync(process.execPath),
    ...kits
      .map((name) => join(kitRoot, name))
      .filter(existsSync)
      .flatMap(bothNames),
    ...seen,
  ]
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--hostname', 'grader'],
    ...['--dir', '/tmp', '--proc', '/proc', '--dev', '/dev'],
    ...readable.flatMap((path) => ['--ro-bind', path, path]),
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--chdir', kitRoot, '--'],
  ]
}

/** Node calls a module by the name of where it really is. */
function bothNames(path: string): string[] {
  return [...new Set([path, realpathSync(path)])]
}

let best: Containment | undefined

/** The strongest containment that this machine offers; GRADUS_CONTAINMENT=process asks for less. */
export function bestContainment(): Containment {
  const asked = process.env.GRADUS_CONTAINMENT
  if (asked === 'process') return 'process'
  best ??= canWall() ? 'bubblewrap' : 'process'
  return best
}

/** Whether bwrap is there and may make namespaces: in many containers it may not. */
function canWall(): boolean {
  if (process.platform !== 'linux') return false
  const words = [...walls({ seen: [] }), realpathSync(process.execPath), '--version']
  return spawnSync('bwrap', words, { cwd: kitRoot, stdio: 'ignore', timeout: 10_000 }).status === 0
}
