// TensorFlow.js in WebAssembly, with vector instructions where the machine has them.
import '@tensorflow/tfjs-backend-wasm'
import { useBackend, workloadsOf } from '../tfjs.mjs'

export const open = () => useBackend('wasm')
export const workloads = workloadsOf()
