import type { DriftPart } from '../../contract/drift-detail.ts'
import type { Column } from '../../contract/table.ts'
import { benjaminiHochberg } from '../../stats/benjamini-hochberg.ts'
import { jensenShannonDivergence } from '../../stats/divergences.ts'
import { finitePart, lowerBound, sortSample } from '../../stats/sorted-sample.ts'
import { testCategories } from '../drift/category-test.ts'
import { referenceBins } from '../profile/binning.ts'
import { sayList, sayMany, sayNumber, sayShare } from '../wording.ts'
import type { PartColumn } from './part-columns.ts'

/** From which share of the drift a level stands out. */
const standingOut = 0.5
/** Most levels that are listed of a part. */
const mostListed = 10

export interface DecomposeOptions {
  readonly bins: number
  readonly minimumN: number
  readonly alpha: number
}

/**
 * How much of one column's drift is due to single levels of each part: device, firmware, site, time of day.
 *
 * Drift is the Jensen–Shannon divergence of the window's shares over the reference's bins, less what samples of that size show without
 * drift ((1/n + 1/m)(bins − 1)/(8 ln 2)). A level explains what goes when its values are left out; it stands out when that is at least
 * half, enough values remain on either side, and its values differ from the others' by a test that survives Benjamini–Hochberg over all
 * levels of all parts. The mix explains what goes when the levels are weighted as in the reference. Both columns of one type.
 * O(n · parts + levels · bins).
 */
export function decomposeDrift(
  { reference, current }: { readonly reference: Column; readonly current: Column },
  parts: readonly PartColumn[],
  options: DecomposeOptions,
): DriftPart[] {
  const cells = toCells(reference, current, options.bins)
  if (cells === null) return []
  const before = countCells(cells.reference, cells.size)
  const now = countCells(cells.current, cells.size)
  const whole = excess(before, now)
  const tables = parts.map(({ current: { codes, categories } }) => {
    const counts = categories.map(() => new Float64Array(cells.size))
    cells.current.forEach((cell, row) => {
      if (cell >= 0 && codes[row] >= 0) counts[codes[row]][cell]++
    })
    return counts
  })
  const levels = parts.flatMap(({ current: { categories } }, part) =>
    categories.flatMap((level, i) => {
      const own = tables[part][i]
      const n = total(own)
      return n === 0 ? [] : [{ part, level, own, n, others: now.map((count, cell) => count - own[cell]) }]
    }),
  )
  const enough = ({ n, others }: (typeof levels)[number]) => Math.min(n, total(others)) >= options.minimumN
  const adjusted = benjaminiHochberg(
    levels.map((level) => (enough(level) ? (testCategories(level.others, level.own).test?.pValue ?? null) : null)),
  )
  const judged = levels.map((level, i) => {
    const explained = whole > 0 && total(level.others) > 0 ? 1 - excess(before, level.others) / whole : null
    return {
      part: level.part,
      level: level.level,
      n: level.n,
      share: level.n / total(now),
      distance: distance(before, level.own),
      without: distance(before, level.others),
      explained,
      adjustedPValue: adjusted[i],
      standsOut: explained !== null && explained >= standingOut && adjusted[i] !== null && adjusted[i] <= options.alpha,
    }
  })
  return parts.map(({ by, reference: referencePart }, part) => {
    const own = judged
      .filter((each) => each.part === part)
      .map(({ part: _, ...level }) => level)
      .sort((a, b) => (b.explained ?? -1) - (a.explained ?? -1) || b.n - a.n)
    const mix = referencePart === null ? null : reweigh(tables[part], parts[part], cells.reference)
    const mixExplained = mix === null || !(whole > 0) ? null : 1 - excess(before, mix, total(now)) / whole
    return {
      by,
      levels: own.slice(0, mostListed),
      otherLevels: Math.max(0, own.length - mostListed),
      mixExplained,
      sentence: sentenceOf(by, own, mixExplained, distance(before, now)),
    }
  })
}

function sentenceOf(
  by: string,
  levels: DriftPart['levels'],
  mixExplained: number | null,
  whole: number | null,
): string {
  const outstanding = levels.filter(({ standsOut }) => standsOut)
  const mix =
    mixExplained !== null && mixExplained >= standingOut
      ? `; a changed mix of ${by} alone explains ${sayShare(Math.min(1, mixExplained))}`
      : ''
  if (outstanding.length > 0) {
    const [first] = outstanding
    const rest =
      first.without === null
        ? ''
        : `: without it the distance is ${sayNumber(first.without)}, not ${sayNumber(whole ?? 0)}`
    return `By ${by}, ${first.level} makes ${sayShare(Math.min(1, first.explained ?? 0))} of the drift${rest}${mix}.`
  }
  if (levels.length < 2) return `There is only one ${by}, so that it cannot be told apart from the rest.`
  return mix === ''
    ? `By ${by}, no single one of ${sayMany(levels.length, 'level')} makes the drift: largest ${sayList(levels.slice(0, 2).map(({ level, explained }) => `${level} ${explained === null ? '' : sayShare(Math.max(0, explained))}`.trim()))}.`
    : `By ${by}, no single one makes the drift${mix}.`
}

/** Each value's bin or category, −1 where missing, over bins that both sides share; null where the types differ. */
function toCells(reference: Column, current: Column, bins: number) {
  if (reference.type === 'numeric' && current.type === 'numeric') {
    const { edges } = referenceBins(finitePart(sortSample(reference.values)).values, bins)
    const place = (values: Float64Array) =>
      Int32Array.from(values, (x) => (Number.isFinite(x) ? lowerBound(edges, x) : -1))
    return { reference: place(reference.values), current: place(current.values), size: edges.length + 1 }
  }
  if (reference.type !== 'categorical' || current.type !== 'categorical') return null
  const place = new Map<string, number>()
  for (const { categories } of [reference, current])
    for (const category of categories) if (!place.has(category)) place.set(category, place.size)
  const codesOf = ({ codes, categories }: typeof reference) =>
    Int32Array.from(codes, (code) => (code < 0 ? -1 : (place.get(categories[code]) ?? -1)))
  return { reference: codesOf(reference), current: codesOf(current), size: place.size }
}

function countCells(cells: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size)
  for (const cell of cells) if (cell >= 0) counts[cell]++
  return counts
}

const total = (counts: ArrayLike<number>) =>
  Array.prototype.reduce.call(counts, (sum, x) => Number(sum) + Number(x), 0) as number

const distance = (before: Float64Array, now: Float64Array): number | null => {
  const divergence = jensenShannonDivergence(before, now)
  return divergence === null ? null : Math.sqrt(divergence)
}

/** Divergence in bits above what chance gives for so many values, at least 0. */
function excess(before: Float64Array, now: Float64Array, m = total(now)): number {
  const cells = before.reduce((filled, count, i) => filled + (count + now[i] > 0 ? 1 : 0), 0)
  const n = total(before)
  if (n === 0 || m === 0) return 0
  const chance = ((1 / n + 1 / m) * Math.max(0, cells - 1)) / (8 * Math.LN2)
  return Math.max(0, (jensenShannonDivergence(before, now) ?? 0) - chance)
}

/** The window's counts with each level as common as in the reference; null where no level is on both sides. */
function reweigh(
  table: readonly Float64Array[],
  { current, reference }: PartColumn,
  referenceCells: Int32Array,
): Float64Array | null {
  if (reference === null) return null
  const before = new Map<string, number>()
  referenceCells.forEach((cell, row) => {
    const level = reference.categories[reference.codes[row]]
    if (cell >= 0 && level !== undefined) before.set(level, (before.get(level) ?? 0) + 1)
  })
  const counts = new Float64Array(table[0]?.length ?? 0)
  let shared = 0
  table.forEach((own, i) => {
    const n = total(own)
    const weight = n === 0 ? 0 : (before.get(current.categories[i]) ?? 0) / n
    if (weight > 0) shared++
    own.forEach((count, cell) => {
      counts[cell] += weight * count
    })
  })
  return shared === 0 ? null : counts
}
