/** One way in from outside: messages that are good, and what must hold of whatever comes. */
export interface FuzzTarget {
  readonly name: string
  /** How often it has its turn, against the others. */
  readonly weight: number
  /** A costly one takes only every n-th of its turns; the others go to another target. */
  readonly every?: number
  readonly seeds: readonly Uint8Array[]
  /** Reads the bytes; true when something of them was taken. Throws when they were taken wrongly or refused without a reason. */
  readonly read: (bytes: Buffer) => boolean | Promise<boolean>
}

export const fuzzNow = Date.UTC(2026, 5, 1)
