import type { Column } from '../contract/table.ts'

/** Counts of one group; everything about fairness follows from these six numbers. */
export interface GroupCounts {
  truePositives: number
  falseNegatives: number
  falsePositives: number
  trueNegatives: number
  /** Predicted, label not known yet. */
  selectedUnlabelled: number
  rejectedUnlabelled: number
}

export interface Group {
  /** Value by group column, in the order of the columns. */
  readonly values: readonly string[]
  /** True when the value of a column is missing: who is in such a group is not known, so it is shown and not judged. */
  readonly hasMissing: boolean
  readonly counts: GroupCounts
}

export interface Grouping {
  /** In order of their values (bands by size, missing last). */
  readonly groups: readonly Group[]
  readonly overall: GroupCounts
  /** Rows without a prediction: they belong to no count. */
  readonly unpredicted: number
  /** Groups beyond the most that are told apart, smallest first. */
  readonly leftOut: number
  /** Each row's place in `groups`; -1 for rows without a prediction and of groups that are left out. */
  readonly groupOfRow: Int32Array
}

export const missingValue = '(missing)'
/** A numeric column of at most so many different values is grouped by value, any other by quarter. */
const mostNumericValues = 12
const noPrediction = -1

/** A group column as codes into its values; the last value stands for missing. */
interface Levels {
  readonly codes: Int32Array
  readonly names: readonly string[]
}

/**
 * Whether each row's outcome is the class: 1 or 0, -1 where missing. Numbers are compared by their text, so that `1` is the
 * class of a column of zeros and ones. O(n).
 */
export function matchClass(column: Column, className: string): Int8Array {
  if (column.type === 'numeric')
    return Int8Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : String(value) === className ? 1 : 0))
  const code = column.categories.indexOf(className)
  return Int8Array.from(column.codes, (found) => (found < 0 ? -1 : found === code ? 1 : 0))
}

/**
 * Counts outcomes by the values of one or several columns together (their intersections). A row without a prediction is left
 * out. Of more than `maxGroups` groups the largest are kept. O(n · columns).
 */
export function countGroups(
  columns: readonly Column[],
  predicted: Int8Array,
  labelled: Int8Array | null,
  maxGroups: number,
): Grouping {
  const levels = columns.map(toLevels)
  const n = predicted.length
  const { groupOfRow, keys } = intersect(levels, n)
  const counts = keys.map(noCounts)
  const overall = noCounts()
  let unpredicted = 0
  for (let row = 0; row < n; row++) {
    if (predicted[row] === noPrediction) {
      unpredicted++
      continue
    }
    const cell = cellOf(predicted[row] === 1, labelled === null ? -1 : labelled[row])
    overall[cell]++
    counts[groupOfRow[row]][cell]++
  }
  const found = keys
    .map((key, place) => ({ key, place, counts: counts[place] }))
    .filter((group) => sizeOf(group.counts) > 0)
    .sort((a, b) => sizeOf(b.counts) - sizeOf(a.counts) || byKey(a.key, b.key))
  const kept = found.slice(0, maxGroups).sort((a, b) => byKey(a.key, b.key))
  const placeOf = new Int32Array(keys.length).fill(-1)
  kept.forEach(({ place }, group) => {
    placeOf[place] = group
  })
  return {
    groups: kept.map(({ key, counts }) => ({
      values: key.map((code, column) => levels[column].names[code]),
      hasMissing: key.some((code, column) => code === levels[column].names.length - 1),
      counts,
    })),
    overall,
    unpredicted,
    leftOut: found.length - kept.length,
    groupOfRow: groupOfRow.map((place, row) => (predicted[row] === noPrediction ? -1 : placeOf[place])),
  }
}

/** Counts of every group within every level, by level and then group. O(n + levels · groups). */
export function countWithin(
  { groups, groupOfRow }: Grouping,
  levels: Grouping,
  predicted: Int8Array,
  labelled: Int8Array | null,
): GroupCounts[][] {
  const counts = levels.groups.map(() => groups.map(noCounts))
  for (let row = 0; row < groupOfRow.length; row++) {
    const level = levels.groupOfRow[row]
    const group = groupOfRow[row]
    if (level >= 0 && group >= 0)
      counts[level][group][cellOf(predicted[row] === 1, labelled === null ? -1 : labelled[row])]++
  }
  return counts
}

export const sizeOf = (counts: GroupCounts): number => labelledOf(counts) + unlabelledOf(counts)
export const labelledOf = (counts: GroupCounts): number =>
  counts.truePositives + counts.falseNegatives + counts.falsePositives + counts.trueNegatives
const unlabelledOf = (counts: GroupCounts) => counts.selectedUnlabelled + counts.rejectedUnlabelled

function noCounts(): GroupCounts {
  return {
    truePositives: 0,
    falseNegatives: 0,
    falsePositives: 0,
    trueNegatives: 0,
    selectedUnlabelled: 0,
    rejectedUnlabelled: 0,
  }
}

function cellOf(isSelected: boolean, label: number): keyof GroupCounts {
  if (label === 1) return isSelected ? 'truePositives' : 'falseNegatives'
  if (label === 0) return isSelected ? 'falsePositives' : 'trueNegatives'
  return isSelected ? 'selectedUnlabelled' : 'rejectedUnlabelled'
}

function byKey(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i]
  return 0
}

/** Numbers the combinations of levels that occur; column by column, so that no product of cardinalities overflows. */
function intersect(levels: readonly Levels[], n: number): { groupOfRow: Int32Array; keys: number[][] } {
  let groupOfRow = new Int32Array(n)
  let keys: number[][] = [[]]
  for (const { codes, names } of levels) {
    const known = new Map<number, number>()
    const longer: number[][] = []
    const next = new Int32Array(n)
    for (let row = 0; row < n; row++) {
      const place = groupOfRow[row] * names.length + codes[row]
      let group = known.get(place)
      if (group === undefined) {
        group = longer.push([...keys[groupOfRow[row]], codes[row]]) - 1
        known.set(place, group)
      }
      next[row] = group
    }
    groupOfRow = next
    keys = longer
  }
  return { groupOfRow, keys }
}

function toLevels(column: Column): Levels {
  if (column.type === 'numeric') return numericLevels(column.values)
  const order = column.categories.map((name, code) => ({ name, code })).sort((a, b) => byCodeUnits(a.name, b.name))
  const rank = new Int32Array(order.length)
  order.forEach(({ code }, place) => {
    rank[code] = place
  })
  const names = [...order.map(({ name }) => name), missingValue]
  return { codes: column.codes.map((code) => (code < 0 ? order.length : rank[code])), names }
}

/** Each value a level where there are few; otherwise quarters of the values, each of about the same number of rows. */
function numericLevels(values: Float64Array): Levels {
  const distinct = new Set<number>()
  for (const value of values) {
    if (!Number.isNaN(value)) distinct.add(value + 0)
    if (distinct.size > mostNumericValues) return quarters(values)
  }
  const sorted = [...distinct].sort((a, b) => a - b)
  const place = new Map(sorted.map((value, index) => [value, index]))
  return {
    codes: Int32Array.from(values, (value) => place.get(value) ?? sorted.length),
    names: [...sorted.map(String), missingValue],
  }
}

function quarters(values: Float64Array): Levels {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const edges = [...new Set([1, 2, 3].map((quarter) => sorted[Math.ceil((quarter * sorted.length) / 4) - 1]))]
  // The largest value bounds nothing.
  if (edges[edges.length - 1] === sorted[sorted.length - 1]) edges.pop()
  const names = [...edges, null].map((edge, band) => {
    if (edge === null) return edges.length === 0 ? 'all values' : `above ${edges[edges.length - 1]}`
    return band === 0 ? `up to ${edge}` : `above ${edges[band - 1]} to ${edge}`
  })
  const codes = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return names.length
    let band = 0
    while (band < edges.length && value > edges[band]) band++
    return band
  })
  return { codes, names: [...names, missingValue] }
}

const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
