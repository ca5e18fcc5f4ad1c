/** What the ways in hand to the store about halves that wait for each other. Never JSON on a wire, so plain types. */

/** Half of an exchange (the request or the response of one inference) that waits for the other. */
export interface KeptHalf {
  /** What both halves have in common, and no other exchange has. */
  readonly key: string
  readonly arrivedAt: number
  readonly connectionId: string
  readonly deploymentKey: string
  /** The half as it came, in the encoding of whoever reads it again. */
  readonly event: Uint8Array
}

/** What becomes of a half: it waits, it was joined with the other, or it was given up. */
export type HalfChange =
  | { readonly status: 'waits'; readonly half: KeptHalf }
  | { readonly status: 'joined'; readonly key: string }
  | { readonly status: 'given-up'; readonly key: string }

export interface KeptHalves {
  /** Oldest first. */
  readonly waiting: readonly KeptHalf[]
  /** Keys of exchanges joined lately, oldest first: a half that comes again is a repetition. */
  readonly joined: readonly string[]
}
