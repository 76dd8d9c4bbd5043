// The formats of a report: each a function from it to text.
import { Misuse, nearest } from '../../course'
import type { Report } from '../report'
import { exercism } from './exercism'
import { github } from './github'
import { gradescope } from './gradescope'
import { junit } from './junit'
import { prairielearn } from './prairielearn'

const json = (report: Report) => `${JSON.stringify(report, null, 2)}\n`

export const formats = { json, gradescope, github, exercism, junit, prairielearn } satisfies Record<
  string,
  (report: Report) => string
>

export type Format = keyof typeof formats

export function findFormat(name: string): Format {
  if (Object.hasOwn(formats, name)) return name as Format
  const names = Object.keys(formats)
  throw new Misuse(`There is no format ${name}; there are ${names.join(', ')}. Did you mean ${nearest(name, names)}?`)
}
