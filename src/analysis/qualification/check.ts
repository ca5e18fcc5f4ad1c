import type { QualificationCase, QualificationGroup } from '../../contract/qualification.ts'
import { createRandom, type Random } from '../../stats/random.ts'

/** One case that can be run. `effort` multiplies the draws of simulations; 1 is what an installation qualifies itself with. */
export interface Check {
  readonly group: QualificationGroup
  readonly subject: string
  readonly name: string
  run(effort: number): Pick<QualificationCase, 'expected' | 'got' | 'low' | 'high' | 'source'>
}

/** Relative error that a known answer may have, where no table rounds it. */
const relativeTolerance = 1e-9

/** A number that is known from elsewhere. `tolerance` is absolute; without one nine digits must agree. */
export function knownAnswer(
  subject: string,
  name: string,
  source: string,
  expected: number,
  compute: () => number | null | undefined,
  tolerance = Math.max(1e-12, relativeTolerance * Math.abs(expected)),
): Check {
  return {
    ...{ group: 'known-answer', subject, name },
    run: () => {
      const got = compute()
      return {
        ...{ expected, low: expected - tolerance, high: expected + tolerance, source },
        got: got === null || got === undefined || !Number.isFinite(got) ? null : got,
      }
    },
  }
}

export interface Pledge {
  /** Share of draws in which the event happens, as promised. */
  readonly nominal: number
  /** By how much the true share may lie below and above what is promised, since statistics of small samples are no more exact. */
  readonly below: number
  readonly above: number
  readonly draws: number
  readonly seed: number
}

/** Standard errors that chance may add: one true promise in two thousand would be called broken. */
const chanceErrors = 3.5

/** How often something happens in so many independent draws from a seed, against what is promised. */
export function simulated(
  group: Exclude<QualificationGroup, 'known-answer'>,
  subject: string,
  name: string,
  { nominal, below, above, draws, seed }: Pledge,
  happens: (random: Random) => boolean,
): Check {
  return {
    ...{ group, subject, name },
    run: (effort) => {
      const random = createRandom(seed)
      const repeats = Math.ceil(draws * effort)
      const chance = chanceErrors * Math.sqrt((nominal * (1 - nominal)) / repeats)
      let count = 0
      for (let i = 0; i < repeats; i++) if (happens(random)) count++
      return {
        expected: nominal,
        got: count / repeats,
        low: Math.max(0, nominal - below - chance),
        high: Math.min(1, nominal + above + chance),
        source: `${repeats} draws`,
      }
    },
  }
}
