import type { Measured } from '../questions/asked.ts'
import type { GateLimit, GateResult, JudgeOptions } from './limits.ts'
import { judgeLimits } from './limits.ts'

export interface Verdict {
  readonly isPassed: boolean
  readonly results: readonly GateResult[]
  /** One sentence for whoever reads the log. */
  readonly sentence: string
}

const count = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`

/**
 * Whether all limits hold. A limit fails when any number it applies to is past it, and when none of them can be judged (too
 * few rows), unless `allowsInsufficient`: no gate is green because it is empty.
 */
export function decide(
  limits: readonly GateLimit[],
  measured: readonly Measured[],
  options: JudgeOptions & { readonly allowsInsufficient: boolean },
): Verdict {
  const byLimit = limits.map((limit) => judgeLimits([limit], measured, options))
  const results = byLimit.flat()
  const broken = byLimit.filter((found) => found.some(({ outcome }) => outcome === 'breach')).length
  const empty = byLimit.filter((found) => found.every(({ outcome }) => outcome === 'insufficient')).length
  const all = count(limits.length, 'limit')
  const failed = [
    ...(broken > 0 ? [`${broken} of ${all} broken`] : []),
    ...(empty > 0 ? [`${empty} of ${all} without enough rows to judge`] : []),
  ]
  return {
    isPassed: broken === 0 && (empty === 0 || options.allowsInsufficient),
    results,
    sentence: failed.length > 0 ? failed.join(', ') : limits.length === 1 ? 'the limit holds' : `all ${all} hold`,
  }
}
