// A machine serves one guest after the other: what the last one did to it, the next one must not find.
import { createHash } from 'node:crypto'
import * as torch from '../../../engine'
import { compileText } from '../compile'
import { Machine } from './machine'
import { Sandbox, sandboxLimits } from './sandbox'

type Functions = Record<string, (...inputs: unknown[]) => unknown>

async function opened(text: string, uncaught: (error: unknown) => void = () => {}) {
  const compiled = compileText({ text, name: 'exercise.ts' })
  if ('rejected' in compiled) throw new Error(compiled.rejected)
  const sandbox = await Sandbox.open(compiled, 'exercise.ts', sandboxLimits, () => {}, uncaught)
  const refuse = (message: string) => new Error(message)
  const exported = sandbox.load({
    engine: torch,
    without: [],
    realm: globalThis,
    refuse,
    withheldWords: (path) => path,
  })
  return { sandbox, exported: exported as Functions }
}

const nobody = { hear: () => '[0,null]', isUp: () => false, close() {} }
const ready = () => Machine.for(nobody, sandboxLimits.memoryMegabytes)
/** Every byte of its memory. */
const bytesOf = (machine: Machine) =>
  createHash('sha256')
    .update(new Uint8Array(machine.memory.buffer, 0, 2 ** 24))
    .digest('hex')

const vandal = `
  globalThis.left = ['something']
  Array.prototype.reverse = () => ['mine']
  Math.max = () => 7
  Object.assign(JSON, { mine: true })
  Object.freeze(globalThis)
  const kept: unknown[] = []
  export const fill = () => kept.push(new Uint8Array(40_000_000).fill(7))
  export const later = () => void setTimeout(() => { throw new Error('of the last one') }, 20)
  export const wait = () => new Promise(() => {})
  export const deeper = (n: number): number => 1 + deeper(n + 1)
`
const probe = `
  export const find = () => [typeof (globalThis as { left?: unknown }).left, [1, 2].reverse(), Math.max(1, 2), 'mine' in JSON]
`
const untouched = ['undefined', [2, 1], 2, false]

test('every byte is as it was, and nothing that a guest left is found', async () => {
  const machine = await ready()
  const before = bytesOf(machine)
  const { sandbox, exported } = await opened(vandal)
  exported.fill?.()
  exported.wait?.()
  expect(bytesOf(machine)).not.toBe(before)
  sandbox.close()
  expect(await ready()).toBe(machine)
  expect(bytesOf(machine)).toBe(before)
  const grown = new Uint8Array(machine.memory.buffer, 2 ** 24)
  expect(grown.length).toBeGreaterThan(20_000_000)
  expect(grown.every((byte) => byte === 0)).toBe(true)
  const next = await opened(probe)
  expect(next.exported.find?.()).toEqual(untouched)
  next.sandbox.close()
})

test('a lesson that is over reaches nobody: neither what its suite calls late, nor its timers', async () => {
  const late: unknown[] = []
  const { sandbox, exported } = await opened(vandal, (error) => late.push(error))
  exported.later?.()
  sandbox.close()
  const next = await opened(probe)
  expect(() => exported.fill?.()).toThrow('The lesson is over.')
  await new Promise((done) => setTimeout(done, 60))
  expect(late).toEqual([])
  expect(next.exported.find?.()).toEqual(untouched)
  next.sandbox.close()
})

test('a machine that was left in the middle of something serves nobody else', async () => {
  const machine = await ready()
  const { sandbox, exported } = await opened(vandal)
  // The test's own process has less of a stack than the guest may use.
  expect(() => exported.deeper?.(0)).toThrow('The program used up its stack')
  sandbox.close()
  expect(await ready()).not.toBe(machine)
  const next = await opened(probe)
  expect(next.exported.find?.()).toEqual(untouched)
  next.sandbox.close()
})
