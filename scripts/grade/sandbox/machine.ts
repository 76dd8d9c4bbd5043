// QuickJS in WebAssembly with the kit's own end of the wire in it: what all guests of a process begin with.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import loadModule from '@jitl/quickjs-ng-wasmfile-release-sync/emscripten-module'
import { QuickJSFFI } from '@jitl/quickjs-ng-wasmfile-release-sync/ffi'
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core'
import { roundedDifferently } from './membrane'

/** Who has let a guest in: answers its questions, and says when its time is up. */
export interface Host {
  hear(message: string): string
  isUp(): boolean
  /** From now on it has the machine no more. */
  close(): void
}

/** How deep the guest's stack may be, so that V8's own, on which it lies, is never used up. Needs `--stack-size=3900`. */
const stackBytes = process.platform === 'win32' ? 380_000 : 1_200_000
export const stackOption = process.platform === 'win32' ? [] : ['--stack-size=3900']

/** Node's own; TypeScript has it among the types of browsers only. */
interface Memory {
  buffer: ArrayBuffer
}
declare const WebAssembly: {
  Memory: new (pages: { initial: number; maximum: number }) => Memory
  Module: new (bytes: Uint8Array) => object
}
const blankPage = Buffer.alloc(2 ** 16)
const pagesInMegabyte = 2 ** 20 / blankPage.length
/** What the module asks for at least. */
const initialPages = 256

/** Its parts by `require`, for what is loaded by `import()` cannot be kept as V8 has compiled it. */
const quickjs: QuickJSSyncVariant = {
  type: 'sync',
  importFFI: async () => QuickJSFFI,
  importModuleLoader: async () => loadModule,
}
const prelude = ['surroundings.js', 'guest.js'].map((name) => readFileSync(join(__dirname, name), 'utf8')).join('\n')

let ready: Machine | undefined

/**
 * A machine serves one guest after the other. All that a guest can leave behind is in its memory, of which every byte is put back: beside it the module
 * has nothing that changes but where its stack ends, which is where it was when no call is left. For V8 a memory for each would be 16 MB to be collected.
 */
export class Machine {
  /** The guest's end of the wire: see guest.js. */
  readonly answer: QuickJSHandle
  readonly load: QuickJSHandle
  /** Its memory as it was before any guest; zeros follow. */
  private readonly image: Uint8Array
  private host: Host | undefined

  private constructor(
    private readonly megabytes: number,
    readonly memory: Memory,
    readonly runtime: QuickJSRuntime,
    readonly context: QuickJSContext,
  ) {
    runtime.setMaxStackSize(stackBytes)
    runtime.setInterruptHandler(() => this.host?.isUp() ?? false)
    const hear = (message: string) => (this.host as Host).hear(message)
    const host = context.newFunction('host', (message) => context.newString(hear(context.getString(message))))
    const names = context.newString(JSON.stringify([...roundedDifferently]))
    const start = context.unwrapResult(context.evalCode(`${prelude}\nstartGuest`, 'gradus.js', { type: 'global' }))
    const ends = context.unwrapResult(context.callFunction(start, context.undefined, host, names))
    this.answer = context.getProp(ends, 'answer')
    this.load = context.getProp(ends, 'load')
    for (const handle of [names, start, ends]) handle.dispose()
    const pages = pagesOf(memory)
    const used = pages.findLastIndex((page) => !blankPage.equals(page)) + 1
    this.image = new Uint8Array(memory.buffer.slice(0, used * blankPage.length))
  }

  /** A machine as no guest has seen it yet, with so much memory at most. */
  static async for(host: Host, megabytes: number): Promise<Machine> {
    if (ready?.megabytes !== megabytes) ready = await Machine.make(megabytes)
    const machine = ready
    if (machine.host) {
      machine.host.close()
      machine.putBack()
    }
    machine.host = host
    return machine
  }

  private static async make(megabytes: number): Promise<Machine> {
    // QuickJS's own limit does not count everything: what WebAssembly may not have, nobody gets.
    const wasmMemory = new WebAssembly.Memory({ initial: initialPages, maximum: megabytes * pagesInMegabyte })
    const wasm = readFileSync(require.resolve('@jitl/quickjs-ng-wasmfile-release-sync/wasm'))
    const parts = { wasmModule: new WebAssembly.Module(wasm), wasmMemory } as Parameters<typeof newVariant>[1]
    const runtime = (await newQuickJSWASMModuleFromVariant(newVariant(quickjs, parts))).newRuntime()
    return new Machine(megabytes, wasmMemory, runtime, runtime.newContext())
  }

  private putBack(): void {
    new Uint8Array(this.memory.buffer).set(this.image)
    for (const page of pagesOf(this.memory, this.image.length)) if (!blankPage.equals(page)) page.fill(0)
  }

  /** It was left in the middle of something, and no memory can tell where: nobody else gets it. */
  giveUp(): void {
    if (ready === this) ready = undefined
  }
}

function pagesOf({ buffer }: Memory, begin = 0): Uint8Array[] {
  const count = (buffer.byteLength - begin) / blankPage.length
  return Array.from({ length: count }, (_, i) => new Uint8Array(buffer, begin + i * blankPage.length, blankPage.length))
}
