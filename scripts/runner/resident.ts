// Processes that stay: the next run finds one that has loaded everything, and a stand-by in case that one has to be killed.
import { join } from 'node:path'
import { kitRoot } from '../course'
import type { Round } from './channel'
import { SuiteProcess } from './process'
import { limits, type Processes } from './run'

/** What lessons keep is not theirs for ever: a process that holds on to more is replaced before anyone notices. */
const megabytesEach = 700
/** A kit that cannot even warm up is not tried for ever: the run itself will say why. */
const vainAttempts = 3

const folder = join(kitRoot, 'scripts', 'runner', 'warmUp')
/** With a file of its own, never the learner's: what is wrong with theirs must not be found before it is asked for. */
const warmUp: Round = {
  ...limits,
  limitMs: 30_000,
  jobs: [
    {
      id: 'warm-up',
      lesson: '00-warm-up',
      testFile: join(folder, 'suite.ts'),
      subject: join(folder, 'answer.ts'),
      shown: 'answer.ts',
    },
  ],
}

export class ResidentProcesses implements Processes {
  private idle: SuiteProcess[] = []
  private readonly all = new Set<SuiteProcess>()
  private failures = 0
  private closed = false
  /** Answers when the first process is warm, or has failed to get warm. */
  readonly warm: Promise<void>

  readonly again = true

  constructor(private readonly memoryMegabytes = limits.memoryMegabytes) {
    this.warm = this.add()
    this.warm.then(() => this.fill())
  }

  /** The process that has been here longest, which is the warmest. */
  take(): SuiteProcess {
    const process = this.idle.shift() ?? this.spawn()
    this.fill()
    return process
  }

  giveBack(process: SuiteProcess): void {
    const isWorn = process.megabytes > megabytesEach || !process.clean
    if (this.closed || !process.alive || isWorn) process.kill()
    else this.idle.unshift(process)
    this.fill()
  }

  /** Ends all of them, and answers when they are gone. */
  async close(): Promise<void> {
    this.closed = true
    for (const process of this.all) process.kill()
    await Promise.all([...this.all].map((process) => process.whenClosed()))
  }

  private fill(): void {
    if (this.closed || this.failures >= vainAttempts) return
    if (this.all.size < 2) void this.add()
  }

  private async add(): Promise<void> {
    const process = this.spawn()
    this.idle.push(process)
    const death = await process.run({ ...warmUp, again: this.again }, { heard: () => {} })
    this.failures = death && !this.closed ? this.failures + 1 : 0
  }

  private spawn(): SuiteProcess {
    const process = new SuiteProcess(this.memoryMegabytes)
    this.all.add(process)
    process.whenClosed().then(() => {
      this.all.delete(process)
      this.idle = this.idle.filter((each) => each !== process)
      this.fill()
    })
    return process
  }
}
