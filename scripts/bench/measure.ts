// Engines taking turns at one workload, after all have shown that they compute the same.
import type { Answer, Engine } from './engines'
import type { WorkloadId } from './workloads'

export interface MeasuredEngine {
  name: string
  /** Milliseconds a step; null for an engine that was not measured. */
  median: number | null
  /** The middle half of the samples. */
  quartiles: [number, number] | null
  samples: number[]
  /** Why it was not measured. */
  reason: string | null
}

export interface Measured extends WorkloadId {
  engines: MeasuredEngine[]
}

/** How far apart two engines' float32 numbers may be: 512 products summed in different orders differ in the sixth digit. */
const tolerance = 1e-3

/** A sample is long enough for the clock; one of a slow engine is a single step. */
const sampleMs = 100

export async function measure(
  workload: WorkloadId,
  engines: readonly Engine[],
  turns: number,
  say: (what: string) => void,
): Promise<Measured> {
  const results = engines.map(
    ({ name }): MeasuredEngine => ({ name, median: null, quartiles: null, samples: [], reason: null }),
  )
  let ours: Answer | null = null
  for (const [k, engine] of engines.entries()) {
    say(`${workload.id}: ${engine.name} warms up`)
    try {
      const { answer } = await engine.prepare(workload.id)
      ours ??= answer
      const difference = firstDifference(ours, answer)
      if (difference !== null) results[k]!.reason = `computes something else: ${difference}`
    } catch (error) {
      results[k]!.reason = error instanceof Error ? error.message : String(error)
    }
  }
  for (let turn = 0; turn < turns; turn++) {
    for (const [k, engine] of engines.entries()) {
      const result = results[k]!
      if (result.reason !== null || isSlow(result)) continue
      say(`${workload.id}: turn ${turn + 1} of ${turns}, ${engine.name}`)
      try {
        result.samples.push(await engine.sample(sampleMs))
      } catch (error) {
        result.reason = error instanceof Error ? error.message : String(error)
      }
    }
  }
  for (const result of results) {
    if (result.samples.length === 0 || result.reason !== null) continue
    result.median = quantile(result.samples, 0.5)
    result.quartiles = [quantile(result.samples, 0.25), quantile(result.samples, 0.75)]
  }
  return { ...workload, engines: results }
}

/** Three samples of many seconds say enough; nobody should wait for seven. */
function isSlow({ samples }: MeasuredEngine): boolean {
  return samples.length >= 3 && samples.reduce((sum, ms) => sum + ms, 0) > 10_000
}

/** `loss: 3.1 instead of 2.7`, or null where the answers agree. */
export function firstDifference(expected: Answer, received: Answer): string | null {
  for (const [name, value] of Object.entries(expected)) {
    const [want, got] = [[value].flat(), [received[name] ?? []].flat()]
    for (const [i, number] of want.entries()) {
      const other = got[i] ?? Number.NaN
      if (!(Math.abs(other - number) <= tolerance * Math.max(1, Math.abs(number)))) {
        return `${name}${want.length > 1 ? `[${i}]` : ''} is ${other} instead of ${number}`
      }
    }
  }
  return null
}

/** The value below which a share of the samples lies, interpolated between neighbours. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)]!
  const high = sorted[Math.ceil(at)]!
  return low + (high - low) * (at - Math.floor(at))
}
