// TensorFlow.js in plain JavaScript.
import { useBackend, workloadsOf } from '../tfjs.mjs'

export const open = () => useBackend('cpu')
export const workloads = workloadsOf()
