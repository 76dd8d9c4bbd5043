// The generator from which everything is drawn unless somebody brings another: `manual_seed` restarts it.
import { Generator } from './generator'

export const generator: Generator = new Generator()
