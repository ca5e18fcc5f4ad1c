import type { ColumnSpec } from '../../contract/model.ts'
import type { CategoricalColumn, Column, NumericColumn } from '../../contract/table.ts'

/** What a column ought to be: from its declaration, and where there is none, from the reference. */
export interface Expectation {
  readonly name: string
  readonly type: ColumnSpec['type']
  readonly isRequired: boolean
  /** Values outside are faults; null where nothing is known. */
  readonly range: readonly [number, number] | null
  /** Other categories are unseen; null where nothing is known. */
  readonly categories: ReadonlySet<string> | null
  /** Whether it takes more than one value in the reference; null without one. */
  readonly varied: boolean | null
  /** Share of missing values in the reference; 0 without one. */
  readonly missingShare: number
}

/** What one column holds. */
export interface ColumnFacts {
  readonly n: number
  readonly missing: number
  /** Values that do not fit the expected type. */
  readonly wrongType: number
  /** Infinite ones included. */
  readonly outOfRange: number
  readonly unseen: ReadonlyMap<string, number>
  /** More than one value, and all the same. */
  readonly isConstant: boolean
}

/** Counts what is wrong with a column of n rows. O(n + categories). */
export function checkColumn(column: Column, expected: Expectation): ColumnFacts {
  if (column.type === 'categorical')
    return expected.type === 'numeric' ? checkTexts(column) : checkCategories(column, expected)
  return expected.type === 'numeric' ? checkNumbers(column, expected) : checkNumbersAsCategories(column, expected)
}

function checkNumbers({ values }: NumericColumn, { range }: Expectation): ColumnFacts {
  const [low, high] = range ?? [-Number.MAX_VALUE, Number.MAX_VALUE]
  let missing = 0
  let outOfRange = 0
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (Number.isNaN(value)) missing++
    else if (value < low || value > high || !Number.isFinite(value)) outOfRange++
  }
  return {
    n: values.length,
    missing,
    wrongType: 0,
    outOfRange,
    unseen: new Map(),
    isConstant: values.length - missing > 1 && !varies(values),
  }
}

function varies(values: Float64Array): boolean {
  const first = values.find((value) => !Number.isNaN(value))
  return values.some((value) => value !== first && !Number.isNaN(value))
}

/** Texts where numbers are expected: those that read as numbers are a matter of the file, not of the data. */
function checkTexts({ codes, categories }: CategoricalColumn): ColumnFacts {
  const isNumber = categories.map((text) => text.trim() !== '' && Number.isFinite(Number(text)))
  let missing = 0
  let wrongType = 0
  for (const code of codes) {
    if (code < 0) missing++
    else if (!isNumber[code]) wrongType++
  }
  return {
    n: codes.length,
    missing,
    wrongType,
    outOfRange: 0,
    unseen: new Map(),
    isConstant: isConstant(codes, missing),
  }
}

function checkCategories({ codes, categories }: CategoricalColumn, expected: Expectation): ColumnFacts {
  const counts = new Float64Array(categories.length)
  let missing = 0
  for (const code of codes) {
    if (code < 0) missing++
    else counts[code]++
  }
  const unseen = new Map<string, number>()
  if (expected.categories !== null)
    for (let code = 0; code < counts.length; code++) {
      const name = categories[code]
      if (counts[code] > 0 && !expected.categories.has(name)) unseen.set(name, (unseen.get(name) ?? 0) + counts[code])
    }
  return { n: codes.length, missing, wrongType: 0, outOfRange: 0, unseen, isConstant: isConstant(codes, missing) }
}

/** Numbers stand for categories of their name, as the intake reads them. */
function checkNumbersAsCategories({ values }: NumericColumn, expected: Expectation): ColumnFacts {
  const place = new Map<number, number>()
  const codes = Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return -1
    const code = place.get(value) ?? place.size
    place.set(value, code)
    return code
  })
  return checkCategories({ type: 'categorical', codes, categories: [...place.keys()].map(String) }, expected)
}

function isConstant(codes: Int32Array, missing: number): boolean {
  if (codes.length - missing < 2) return false
  const first = codes.find((code) => code >= 0)
  return codes.every((code) => code < 0 || code === first)
}
