// Watches what the learner saves. Editors truncate first, or write a new file and rename it; network drives report nothing; folders go and come back.
import { EventEmitter } from 'node:events'
import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { type FSWatcher, watch } from 'chokidar'
import { type Course, isStem, languages } from '../course'
import { digest, textOf } from '../state'

/** How long a file must be quiet before it is read. */
const quietMs = 6
/** An empty file is most likely about to be written. */
const emptyMs = 80
/** Watchers leave out what comes right after something they told: so each change is looked at once more. */
const againMs = 150
/** Where nothing is reported by itself. */
const pollingMs = 300

interface Events {
  /** An exercise is new, changed or gone. */
  saved: [stem: string]
  /** A lesson's text has changed. */
  text: [stem: string]
  /** The exercises folder is gone, or back. */
  folder: [there: boolean]
  /** Files are looked at in intervals from now on: the system would not report changes. */
  polling: [why: string]
}

export class ExerciseWatcher extends EventEmitter<Events> {
  private watcher: FSWatcher
  private readonly timers = new Map<string, NodeJS.Timeout>()
  private readonly told = new Map<string, string>()
  private readonly exercises: string
  private readonly texts: string[]
  private readonly resting: (path: string) => boolean
  readonly ready: Promise<void>

  constructor(
    private readonly course: Course,
    usePolling = false,
  ) {
    super()
    const files = course.files('')
    this.exercises = dirname(files.exercise)
    this.texts = languages.map((language) => dirname(files.text[language]))
    const folders = new Set([course.root, this.exercises, ...this.texts])
    this.resting = (path) => !folders.has(path) && !this.isOurs(path)
    for (const stem of course.stems) this.told.set(stem, this.read(stem))
    this.watcher = this.open(usePolling)
    this.ready = new Promise((resolve) => this.watcher.once('ready', resolve))
  }

  async close(): Promise<void> {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
    await this.watcher.close()
  }

  private open(usePolling: boolean): FSWatcher {
    const watcher = watch(this.course.root, {
      ignored: this.resting,
      ignoreInitial: true,
      depth: 2,
      // Given only where it is wanted, so that CHOKIDAR_USEPOLLING counts too.
      ...(usePolling && { usePolling, interval: pollingMs }),
    })
    const seen = (path: string) => this.see(path)
    watcher.on('add', seen).on('change', seen).on('unlink', seen)
    watcher.on('addDir', (path) => path === this.exercises && this.emit('folder', true))
    watcher.on('unlinkDir', (path) => path === this.exercises && this.emit('folder', false))
    watcher.on('error', (error) => this.fallBack(error as NodeJS.ErrnoException, usePolling))
    return watcher
  }

  /** The system allows only so many watched files. */
  private fallBack(error: NodeJS.ErrnoException, wasPolling: boolean): void {
    if (wasPolling || !['ENOSPC', 'EMFILE', 'ENOSYS', 'EPERM'].includes(error.code ?? '')) return
    void this.watcher.close()
    this.watcher = this.open(true)
    this.emit('polling', error.message)
  }

  private isOurs(path: string): boolean {
    const folder = dirname(path)
    if (folder === this.exercises) return isStem(basename(path, '.ts'))
    return this.texts.includes(folder) && isStem(basename(path, '.md'))
  }

  private see(path: string): void {
    if (dirname(path) !== this.exercises) {
      this.emit('text', basename(path, '.md'))
      return
    }
    const stem = basename(path, '.ts')
    this.after(quietMs, stem, () => this.settle(stem, true))
  }

  private after(ms: number, stem: string, action: () => void): void {
    clearTimeout(this.timers.get(stem))
    this.timers.set(stem, setTimeout(action, ms))
  }

  /** Tells of what is there now. A save that changes nothing counts too: the learner wants to see that it was noticed. */
  private settle(stem: string, isSave: boolean): void {
    const { exercise } = this.course.files(stem)
    if (isSave && isEmpty(exercise)) {
      this.after(emptyMs, stem, () => this.settle(stem, false))
      return
    }
    const now = this.read(stem)
    if (isSave || now !== this.told.get(stem)) {
      this.told.set(stem, now)
      this.emit('saved', stem)
      this.after(againMs, stem, () => this.settle(stem, false))
    } else this.timers.delete(stem)
  }

  private read(stem: string): string {
    try {
      return digest(textOf(this.course.files(stem).exercise))
    } catch {
      return '' // a folder in the place of the file, or one that may not be read: grading will say so
    }
  }
}

function isEmpty(path: string): boolean {
  try {
    return statSync(path).size === 0
  } catch {
    return true // gone: perhaps about to be renamed into place
  }
}

/** Whether `folder` stands where changes are seldom reported: a Windows drive inside WSL. */
export function isForeignDrive(folder: string): boolean {
  return process.platform === 'linux' && /^\/mnt\/[a-z](\/|$)/.test(folder) && Boolean(process.env.WSL_DISTRO_NAME)
}
