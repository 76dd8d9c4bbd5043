import type { Script } from 'node:vm'

export function functionOf(path: string, text: string, parameters: string): Script
export function hasNew(): boolean
export function loaded(options?: { dated?: boolean }): Buffer
