import { type Random, randomInteger, randomUniform, sampleWithoutReplacement } from './random.ts'

/** Coalitions of features (who is present) with the weights of the regression that gives Shapley values. */
export interface CoalitionPlan {
  readonly features: number
  readonly count: number
  /** count x features; 1 where the feature is present. Neither all nor none is among them. */
  readonly isPresent: Uint8Array
  readonly weights: Float64Array
  /** All coalitions are there: the values that follow are exact. */
  readonly isComplete: boolean
}

/** More features than this are never enumerated. */
const mostEnumerated = 20

/**
 * Which coalitions to evaluate: all 2^m − 2 where that is at most `most`; else whole sizes from the outside in (they weigh
 * most), each with its complement, and random ones of the remaining sizes in pairs.
 *
 * `most` is raised to 2m, below which the regression has no single answer. O(count · m).
 * Source: Lundberg and Lee, NeurIPS 30 (2017); pairs by Covert and Lee, AISTATS (2021).
 */
export function planCoalitions(features: number, most: number, random: Random): CoalitionPlan {
  const all = features <= mostEnumerated ? 2 ** features - 2 : Number.POSITIVE_INFINITY
  const allowed = Math.max(most, 2 * features)
  if (features < 2)
    return { features, count: 0, isPresent: new Uint8Array(), weights: new Float64Array(), isComplete: true }
  if (all <= allowed) return enumerateAll(features, all)
  const rows: Uint8Array[] = []
  const weights: number[] = []
  const add = (members: Iterable<number>, weight: number, withComplement: boolean) => {
    const row = new Uint8Array(features)
    for (const member of members) row[member] = 1
    rows.push(row)
    weights.push(weight)
    if (!withComplement) return
    rows.push(row.map((present) => 1 - present))
    weights.push(weight)
  }
  let size = 1
  let left = allowed
  for (; size <= features / 2; size++) {
    const isMiddle = 2 * size === features
    const subsets = binomial(features, size)
    if (subsets * (isMiddle ? 1 : 2) > left) break
    const each = sizeWeight(features, size) / subsets
    for (const members of subsetsOf(features, size)) add(members, each, !isMiddle)
    left -= subsets * (isMiddle ? 1 : 2)
  }
  const remaining: number[] = []
  for (let s = size; s <= features - size; s++) remaining.push(sizeWeight(features, s))
  const total = remaining.reduce((sum, weight) => sum + weight, 0)
  const pairs = Math.floor(left / 2)
  for (let pair = 0; pair < pairs; pair++) {
    const drawn = pick(remaining, total, random) + size
    add(sampleWithoutReplacement(random, features, drawn), total / (2 * pairs), true)
  }
  const isPresent = new Uint8Array(rows.length * features)
  rows.forEach((row, k) => {
    isPresent.set(row, k * features)
  })
  return { features, count: rows.length, isPresent, weights: Float64Array.from(weights), isComplete: false }
}

/**
 * Shapley values from the worth of each coalition: the weighted least squares fit whose sum is `full − base`, factorised
 * once for a plan and then O(count · m + m²) a row.
 *
 * Exact for a complete plan. Without features none, with one the whole difference.
 */
export function shapleySolver(
  plan: CoalitionPlan,
): (worth: ArrayLike<number>, base: number, full: number) => Float64Array {
  const { features: m, count, isPresent, weights } = plan
  if (m < 2) return (_, base, full) => new Float64Array(m).fill(full - base)
  // The last feature is eliminated by the constraint; what remains is regressed on differences to it.
  const p = m - 1
  const gram = new Float64Array(p * p)
  const design = new Float64Array(count * p)
  for (let k = 0; k < count; k++) {
    const last = isPresent[k * m + p]
    for (let i = 0; i < p; i++) design[k * p + i] = isPresent[k * m + i] - last
    for (let i = 0; i < p; i++) {
      const left = design[k * p + i] * weights[k]
      if (left === 0) continue
      for (let j = 0; j <= i; j++) gram[i * p + j] += left * design[k * p + j]
    }
  }
  factorise(gram, p)
  return (worth, base, full) => {
    const gain = full - base
    const right = new Float64Array(p)
    for (let k = 0; k < count; k++) {
      const target = weights[k] * (worth[k] - base - isPresent[k * m + p] * gain)
      for (let i = 0; i < p; i++) right[i] += target * design[k * p + i]
    }
    solveFactorised(gram, p, right)
    const values = new Float64Array(m)
    let sum = 0
    for (let i = 0; i < p; i++) {
      values[i] = right[i]
      sum += right[i]
    }
    values[p] = gain - sum
    return values
  }
}

function enumerateAll(features: number, count: number): CoalitionPlan {
  const isPresent = new Uint8Array(count * features)
  const weights = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    let size = 0
    for (let i = 0; i < features; i++) {
      const bit = ((k + 1) >>> i) & 1
      isPresent[k * features + i] = bit
      size += bit
    }
    weights[k] = sizeWeight(features, size) / binomial(features, size)
  }
  return { features, count, isPresent, weights, isComplete: true }
}

/** Weight of all coalitions of a size together, up to a factor. */
const sizeWeight = (features: number, size: number): number => (features - 1) / (size * (features - size))

function binomial(n: number, k: number): number {
  let product = 1
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i
  return Math.round(product)
}

function* subsetsOf(n: number, size: number): Generator<Uint32Array> {
  const members = Uint32Array.from({ length: size }, (_, i) => i)
  for (;;) {
    yield members
    let place = size - 1
    while (place >= 0 && members[place] === n - size + place) place--
    if (place < 0) return
    members[place]++
    for (let i = place + 1; i < size; i++) members[i] = members[i - 1] + 1
  }
}

function pick(weights: readonly number[], total: number, random: Random): number {
  let left = randomUniform(random) * total
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i]
    if (left < 0) return i
  }
  return randomInteger(random, weights.length)
}

/** Cholesky in place, lower triangle. The plan holds every single feature and its complement, so that no pivot vanishes. */
function factorise(a: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) {
      const factor = a[j * n + k]
      for (let i = j; i < n; i++) a[i * n + j] -= a[i * n + k] * factor
    }
    const pivot = Math.sqrt(Math.max(a[j * n + j], Number.MIN_VALUE))
    for (let i = j; i < n; i++) a[i * n + j] /= pivot
  }
}

function solveFactorised(a: Float64Array, n: number, x: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i * n + k] * x[k]
    x[i] /= a[i * n + i]
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= a[k * n + i] * x[k]
    x[i] /= a[i * n + i]
  }
}
