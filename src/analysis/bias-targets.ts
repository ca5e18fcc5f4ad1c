import type { LabelBias } from '../contract/label-bias.ts'
import type { Status } from '../contract/primitives.ts'
import { benjaminiHochberg } from '../stats/benjamini-hochberg.ts'
import { binomialTestTwoSided } from '../stats/binomial-distribution.ts'
import { shareEstimate } from './estimates.ts'

/** How far declared shares may be from 1 together: rounding, no more. */
const tolerance = 1e-3

/** What is wrong with declared shares: classes that are not there, or a sum that is not 1; null where they can be used. */
export function objectionTo(shares: Readonly<Record<string, number>>, classes: readonly string[]): string | null {
  const unknown = Object.keys(shares).filter((name) => !classes.includes(name))
  if (unknown.length > 0) return `there is no class ${unknown.join(', ')}; there are ${classes.join(', ')}`
  const sum = Object.values(shares).reduce((total, share) => total + share, 0)
  const isWhole = classes.every((name) => Object.hasOwn(shares, name))
  if (isWhole && Math.abs(sum - 1) > tolerance)
    return `the declared shares add up to ${Number(sum.toFixed(4))}, not to 1`
  return sum > 1 + tolerance ? `the declared shares add up to ${Number(sum.toFixed(4))}, more than 1` : null
}

/**
 * The share of each class against the one declared for it, with Wilson's interval and an exact binomial test, corrected by
 * Benjamini–Hochberg across classes. `breach` when the share is `maxDifference` off and the test agrees, `warning` when it is only
 * off; `ok` where nothing was declared. A class without a declared share has none. O(classes log classes).
 */
export function judgeTargets(
  counts: readonly number[],
  n: number,
  names: readonly string[],
  targets: Readonly<Record<string, number>> | null,
  options: { readonly confidence: number; readonly alpha: number; readonly maxDifference: number },
): LabelBias['classes'] {
  const targetOf = (name: string) => (targets !== null && Object.hasOwn(targets, name) ? targets[name] : null)
  const pValues = names.map((name, c) => {
    const target = targetOf(name)
    return target === null || n === 0 ? null : binomialTestTwoSided(counts[c], n, target)
  })
  const adjusted = benjaminiHochberg(pValues)
  return names.map((className, c) => {
    const target = targetOf(className)
    const share = shareEstimate(counts[c], n, options.confidence)
    const { value, interval } = share
    const difference =
      target === null || value === null
        ? null
        : {
            ...share,
            value: value - target,
            interval: interval && ([interval[0] - target, interval[1] - target] as [number, number]),
          }
    const isOff = difference !== null && Math.abs(difference.value) > options.maxDifference
    const status: Status = !isOff ? 'ok' : (adjusted[c] ?? 1) <= options.alpha ? 'breach' : 'warning'
    return { className, share, target, difference, adjustedPValue: adjusted[c], status }
  })
}
