import type { Profile } from '../../contract/profile.ts'

/** Relative error that the order of floating-point sums may leave. */
const tolerance = 1e-6

/** First difference of two profiles as a path and both values; null when they agree. Sums may differ in their last digits. */
export function compareProfiles(stored: Profile, counted: Profile): string | null {
  return difference(stored, counted, '')
}

function difference(a: unknown, b: unknown, path: string): string | null {
  if (typeof a === 'number' && typeof b === 'number') {
    const isSame = Number.isInteger(a) && Number.isInteger(b) && Math.abs(a) < 2 ** 40 ? a === b : areClose(a, b)
    return isSame ? null : `${path} is ${a}, recounted ${b}`
  }
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      if (isExcused(key, left[key])) continue
      const found = difference(left[key], right[key], path === '' ? key : `${path}.${key}`)
      if (found !== null) return found
    }
    return null
  }
  return a === b ? null : `${path} is ${JSON.stringify(a)}, recounted ${JSON.stringify(b)}`
}

/**
 * Hours that were counted before profiles had sketches lack them, and nothing else. Counters of the most frequent values may differ
 * with the order in which samples came, within bounds that are theirs.
 */
const isExcused = (key: string, stored: unknown) => key === 'frequent' || (key === 'sketch' && stored === undefined)

const areClose = (a: number, b: number) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))
