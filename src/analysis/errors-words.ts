import type { DetailOf } from '../contract/report.ts'
import type { DecisionTree } from '../stats/decision-tree.ts'
import { pathTo } from '../stats/decision-tree.ts'
import type { BinnedColumn } from '../stats/feature-binning.ts'
import type { TreeSplit } from '../stats/tree-split.ts'
import type { NamedColumn } from './tree-columns.ts'
import { sayNumber } from './wording.ts'

type SliceCondition = NonNullable<DetailOf<'errors'>['nodes'][number]['condition']>

/** What a path allows of one column. */
interface Allowed {
  above: number | null
  upTo: number | null
  /** Codes of categories; null until a split restricts them. */
  codes: ReadonlySet<number> | null
  missing: boolean
}

/**
 * The condition of one side of a split. Values that are missing go where the split sends them, which `description` says; a split of
 * missing from present values is `missing` on one side and `not in` nothing (null) on the other.
 */
export function conditionOf(split: TreeSplit, holds: boolean, { name, column }: NamedColumn): SliceCondition {
  if (column.type === 'numeric') {
    if (split.threshold !== null) return { column: name, operator: holds ? '<=' : '>', value: split.threshold }
    const isMissing = split.isMissingFirst === holds
    return { column: name, operator: isMissing ? 'missing' : 'not in', value: null }
  }
  const codes = split.codes ?? []
  if (codes.length === 0) return { column: name, operator: holds ? 'missing' : 'not in', value: null }
  return { column: name, operator: holds ? 'in' : 'not in', value: codes.map((code) => column.categories[code]) }
}

/** The path to a node in words, one clause a column: `light up to 12.5 and room is A or B`. */
export function describePath(
  tree: DecisionTree,
  id: number,
  columns: readonly NamedColumn[],
  binned: readonly BinnedColumn[],
): string {
  const allowed = new Map<number, Allowed>()
  for (const { split, holds } of pathTo(tree, id)) {
    const state = allowed.get(split.column) ?? { above: null, upTo: null, codes: null, missing: true }
    allowed.set(split.column, narrow(state, split, holds, binned[split.column]))
  }
  const clauses = [...allowed].map(([column, state]) => clauseOf(columns[column], state, binned[column]))
  return clauses.length === 0 ? 'all rows' : clauses.join(' and ')
}

function narrow(state: Allowed, split: TreeSplit, holds: boolean, binned: BinnedColumn): Allowed {
  const next = { ...state, missing: state.missing && split.isMissingFirst === holds }
  if (split.codes !== null) {
    const codes = new Set(split.codes)
    const before = state.codes ?? new Set(presentCodes(binned))
    return { ...next, codes: new Set([...before].filter((code) => codes.has(code) === holds)) }
  }
  if (split.threshold === null) {
    // Missing against present: the side of the missing values holds nothing else.
    const isMissingSide = split.isMissingFirst === holds
    return isMissingSide ? { ...next, upTo: Number.NEGATIVE_INFINITY } : next
  }
  if (holds) return { ...next, upTo: Math.min(state.upTo ?? Number.POSITIVE_INFINITY, split.threshold) }
  return { ...next, above: Math.max(state.above ?? Number.NEGATIVE_INFINITY, split.threshold) }
}

function presentCodes({ cut }: BinnedColumn): number[] {
  if (cut.kind !== 'categorical') return []
  return [...cut.binOfCode.keys()].filter((code) => cut.binOfCode[code] > 0)
}

/** `A`, `A or B`, `A, B, C or one of 5 more`. */
function sayAlternatives(names: readonly string[]): string {
  const shown = names.length > 4 ? [...names.slice(0, 3), `one of ${names.length - 3} more`] : names
  if (shown.length === 1) return shown[0]
  return `${shown.slice(0, -1).join(', ')} or ${shown[shown.length - 1]}`
}

function clauseOf({ name, column }: NamedColumn, state: Allowed, binned: BinnedColumn): string {
  const hasMissing = binned.rows.includes(0)
  const orMissing = state.missing && hasMissing ? ' or missing' : ''
  if (column.type === 'categorical') {
    const codes = [...(state.codes ?? [])]
    if (codes.length === 0) return `${name} is missing`
    const others = presentCodes(binned).filter((code) => !state.codes?.has(code))
    if (others.length === 0) return `${name} is present`
    const say = (list: number[]) => sayAlternatives(list.map((code) => column.categories[code]))
    return codes.length <= others.length
      ? `${name} is ${say(codes)}${orMissing}`
      : `${name} is not ${say(others)}${state.missing || !hasMissing ? '' : ' and not missing'}`
  }
  if (state.upTo === Number.NEGATIVE_INFINITY) return `${name} is missing`
  if (state.above === null && state.upTo === null) return `${name} is present`
  const bounds = [
    state.above === null ? '' : `above ${sayNumber(state.above)}`,
    state.upTo === null ? '' : `up to ${sayNumber(state.upTo)}`,
  ]
  return `${name} ${bounds.filter(Boolean).join(' and ')}${orMissing}`
}
