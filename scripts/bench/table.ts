// What was measured, for people.
import { cpus } from 'node:os'
import { ink } from '../terminal/ink'
import type { GradingTimes } from './grading'
import { installedVersion } from './install'
import type { KitTimes } from './kit'
import { type Measured, quantile } from './measure'
import type { SaveTimes } from './saves'

export function environmentLine(): string {
  const [cpu] = cpus()
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} x ${cpu?.model.trim() ?? 'unknown processor'}`
}

/** One line an engine: median, spread (half the distance of the quartiles), and how many times this engine's median that is. */
export function workloadTable({ id, what, engines }: Measured): string {
  const ours = engines.find(({ name }) => name === 'gradus')?.median ?? null
  const lines = engines.map(({ name, median, quartiles, reason }) => {
    const label = `  ${labelOf(name).padEnd(26)}`
    if (median === null || quartiles === null) return ink.pale(`${label}  not measured: ${reason}`)
    const spread = `±${(((quartiles[1] - quartiles[0]) / 2 / median) * 100).toFixed(0)} %`
    const ratio = ours === null || name === 'gradus' ? '' : `${significant(median / ours)} x`
    const line = `${label}${duration(median).padStart(11)}  ${spread.padStart(6)}  ${ratio.padStart(9)}`
    return name === 'gradus' ? ink.strong(line) : line
  })
  return [`${ink.strong(id)}  ${what}`, ...lines].join('\n')
}

export function kitTable({ rows, ratio }: KitTimes): string {
  return [
    `${ink.strong('kit')}  all lessons solved, in a copy of the kit`,
    ...rows.map(timesLine),
    `  npm test takes ${significant(ratio)} times as long as bare Jest`,
  ].join('\n')
}

export function savesTable({ rows, ratio, left }: SaveTimes): string {
  return [
    `${ink.strong('saves')}  from saving lesson 03 to its verdict`,
    ...rows.map(timesLine),
    ...left.map((why) => `  ${why}`),
    `  jest --watchAll takes ${significant(ratio)} times as long as the workshop's terminal`,
  ].join('\n')
}

export function gradingTable({ rows, perMinute, megabytes, left }: GradingTimes): string {
  return [
    `${ink.strong('grade')}  all lessons solved, in the sandbox`,
    ...rows.map(timesLine),
    `  a class of two at a time   ${significant(perMinute)} submissions a minute`,
    `  memory of a submission     ${significant(megabytes)} MB at most`,
    ...left.map((why) => `  ${why}`),
  ].join('\n')
}

function timesLine({ what, samples }: { what: string; samples: number[] }): string {
  const median = quantile(samples, 0.5)
  const half = (quantile(samples, 0.75) - quantile(samples, 0.25)) / 2
  return `  ${what.padEnd(26)}${duration(median).padStart(11)}  ${`±${((half / median) * 100).toFixed(0)} %`.padStart(6)}`
}

/** The adapter's name with the version of the package behind it. */
function labelOf(name: string): string {
  const candidates: Record<string, string> = {
    'tfjs-cpu': '@tensorflow/tfjs',
    'tfjs-wasm': '@tensorflow/tfjs-backend-wasm',
    'jax-js': '@jax-js/jax',
  }
  const version = name === 'gradus' ? null : installedVersion(candidates[name] ?? name)
  return version === null ? name : `${name} ${version}`
}

function duration(ms: number): string {
  if (ms >= 1000) return `${significant(ms / 1000)} s `
  return ms >= 1 ? `${significant(ms)} ms` : `${significant(ms * 1000)} µs`
}

/** Three digits. */
function significant(x: number): string {
  return x >= 100 ? x.toFixed(0) : x.toPrecision(3)
}
