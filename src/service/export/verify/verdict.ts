export type StepOutcome = 'passed' | 'failed' | 'skipped'

/** One thing that was checked. */
export interface VerifyStep {
  readonly name: string
  readonly outcome: StepOutcome
  /** What was found, in a sentence; names the file that is wrong. */
  readonly message: string
  /** Files of the archive that are at fault; empty when all is well. */
  readonly files: readonly string[]
}

export type Verdict = Omit<VerifyStep, 'name'>

export const passed = (message: string): Verdict => ({ outcome: 'passed', message, files: [] })
export const skipped = (message: string): Verdict => ({ outcome: 'skipped', message, files: [] })
export const failed = (message: string, ...files: string[]): Verdict => ({ outcome: 'failed', message, files })

/** Something in the file that is wrong, found deep inside a check. */
export class ExportFault extends Error {
  readonly files: readonly string[]
  constructor(message: string, ...files: string[]) {
    super(message)
    this.files = files
  }
}

/** Problems as one verdict; `good` is said when there are none. */
export function verdictOf(
  problems: readonly { readonly message: string; readonly file: string }[],
  good: string,
): Verdict {
  if (problems.length === 0) return passed(good)
  const [first] = problems
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return failed(`${first.message}${more}`, ...new Set(problems.map(({ file }) => file)))
}

/** Numbers closer than this are the same number, computed by another version of the same functions. */
const tolerance = 1e-9

const isClose = (a: number, b: number) =>
  a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))

/** Fields that hold sentences: a later version may word them otherwise. */
const wordings = new Set(['message', 'note', 'text', 'title', 'description', 'sentence', 'reason', 'problems'])

const fieldsOf = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([name]) => Array.isArray(value) || !wordings.has(name))

/**
 * Where two JSON values differ by more than rounding or wording, as a path; null when they do not. Numbers, outcomes, names and
 * counts must agree.
 */
export function findDifference(a: unknown, b: unknown, path = ''): string | null {
  const here = path || 'the value'
  if (typeof a === 'number' && typeof b === 'number') return isClose(a, b) ? null : here
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b ? null : here
  if (Array.isArray(a) !== Array.isArray(b)) return here
  const [left, right] = [fieldsOf(a), new Map(fieldsOf(b))]
  if (left.length !== right.size) return here
  for (const [name, value] of left) {
    const inside = path === '' ? name : `${path}.${name}`
    if (!right.has(name)) return inside
    const found = findDifference(value, right.get(name), inside)
    if (found !== null) return found
  }
  return null
}
