// How the process that holds a submission is started: with nothing of this one's environment, and, where the system has bubblewrap, without network,
// other processes, or any file but Node's, the suites' and the engine's.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { kitRoot } from '../course'
import { channelDescriptor } from '../runner/channel'
import { stackOption } from './sandbox/sandbox'

export type Containment = 'bubblewrap' | 'process'

export interface WorkerPlace {
  containment: Containment
  /** Suites to be seen inside. */
  suites: string[]
  /** Where Jest keeps what it compiled. */
  cache: string
}

/** Where a contained process finds Jest's cache: a copy of its own, so that none can leave anything for the next. */
const cacheInside = '/tmp/jest'

/** Starts scripts/grade/worker.ts; the answer also says where that process finds its cache. */
export function startWorker(place: WorkerPlace): { child: ChildProcess; cache: string; copyFrom?: string } {
  const node = [...stackOption, '--max-old-space-size=512', require.resolve('../gradus.js'), 'grade/worker']
  const stdio = ['pipe', 'ignore', 'pipe', ...Array.from({ length: channelDescriptor - 2 }, () => 'pipe')] as 'pipe'[]
  if (place.containment === 'process') {
    const child = spawn(process.execPath, node, { cwd: kitRoot, env: bareEnvironment(), stdio })
    return { child, cache: place.cache }
  }
  const words = [...walls(place), realpathSync(process.execPath), ...node]
  const child = spawn('bwrap', words, { cwd: kitRoot, env: bareEnvironment(), stdio })
  return { child, cache: cacheInside, copyFrom: place.cache }
}

/** Nothing of the grader's environment: tokens, paths, names. */
function bareEnvironment(): NodeJS.ProcessEnv {
  const { SystemRoot, PATH } = process.env
  return { NO_COLOR: '1', TZ: 'UTC', GRADUS_GRADING: '1', ...(SystemRoot ? { SystemRoot } : { PATH: PATH ?? '' }) }
}

function walls({ suites, cache }: Omit<WorkerPlace, 'containment'>): string[] {
  const seen = ['engine', 'scripts', 'node_modules', 'package.json', 'tsconfig.json', 'jest.config.ts']
  const libraries = ['/lib', '/lib64', '/lib32', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/etc/ld.so.cache']
  const readable = [
    ...libraries.filter(existsSync),
    realpathSync(process.execPath),
    ...seen.map((name) => join(kitRoot, name)).filter(existsSync),
    ...suites,
    cache,
  ]
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--hostname', 'grader'],
    ...['--tmpfs', '/tmp', '--proc', '/proc', '--dev', '/dev'],
    ...readable.flatMap((path) => ['--ro-bind', path, path]),
    ...['--chdir', kitRoot, '--'],
  ]
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
  const cache = join(kitRoot, 'scripts')
  const words = [...walls({ suites: [], cache }), realpathSync(process.execPath), '--version']
  return spawnSync('bwrap', words, { cwd: kitRoot, stdio: 'ignore', timeout: 10_000 }).status === 0
}
