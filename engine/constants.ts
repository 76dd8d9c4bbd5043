// Numbers with names.
/** Infinity. */
export const inf: number = Number.POSITIVE_INFINITY
/** Not a number. */
export const nan: number = Number.NaN
/** The ratio of a circle's circumference to its diameter. */
export const pi: number = Math.PI
/** Euler's number, the base of the natural logarithm. */
export const e: number = Math.E
/** A new dimension, between brackets. */
export const newaxis = null
