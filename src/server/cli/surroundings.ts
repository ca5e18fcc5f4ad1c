import type { Output } from './output.ts'

/** Where the program stands and writes; fixed by the entry. */
export interface Surroundings extends Output {
  /** File that worker threads run. */
  readonly workerEntry: URL
  /** Folder of the built page. */
  readonly staticRoot: string
}
