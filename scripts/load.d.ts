import type { Jiti, JitiOptions } from 'jiti'

export function loaderIn(filename: string, options?: JitiOptions): Jiti
