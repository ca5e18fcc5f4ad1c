import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '../contract/primitives.ts'

/** Gives a secret by its name; undefined when there is none. */
export type SecretLookup = (name: string) => Promise<string | undefined>

/** What a way out needs of the world, so that tests decide it. */
export interface WayOutDeps {
  readonly fetch: typeof globalThis.fetch
  /** UTC epoch milliseconds. */
  readonly now: () => number
  /** Uniform in [0, 1), for jitter. */
  readonly random: () => number
  /** Resolves after `ms`, rejects when the signal fires. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

export const waitFor = async (ms: number, signal: AbortSignal): Promise<void> => {
  await sleep(ms, undefined, { signal })
}

/** How an action ended. `unknown`: the call left, but what came of it cannot be told; a person must look. */
export interface ActionOutcome {
  readonly state: 'succeeded' | 'failed' | 'unknown'
  readonly result: Json | null
  /** One sentence that says what went wrong and what to check; null on success. */
  readonly problem: string | null
  /** What was done, secrets left out, at most 64 KiB. */
  readonly log: string
}

/** Refused before anything left: the configuration or a variable cannot be used. */
export class UnusableActionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UnusableActionError'
  }
}
