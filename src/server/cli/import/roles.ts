import type { ColumnMapping, ColumnRole } from '../../../contract/model.ts'
import { CliFault } from '../fault.ts'
import { suggest } from '../near-matches.ts'
import { splitPair } from '../options.ts'

/** Roles that options give to columns; the others stay as inferred. */
export interface RoleOptions {
  readonly label?: string
  readonly prediction?: string
  readonly time?: string
  readonly id?: string
  readonly latency?: string
  readonly score?: string[]
  readonly group?: string[]
  readonly feature?: string[]
  readonly ignore?: string[]
  readonly numeric?: string[]
  readonly categorical?: string[]
}

/** Roles that one column alone can have. */
const single = ['label', 'prediction', 'time', 'id', 'latency'] as const

/**
 * The inferred mapping with what the options say. A column that loses its role to another becomes a feature, and a named column that
 * the file lacks is a CliFault.
 */
export function assignRoles(inferred: readonly ColumnMapping[], options: RoleOptions): ColumnMapping[] {
  const names = inferred.map(({ name }) => name)
  const byName = new Map(inferred.map((column) => [column.name, column]))
  const change = (option: string, name: string, changes: Partial<ColumnMapping>) => {
    const column = byName.get(name)
    if (column === undefined) throw new CliFault(`${option}: the file has no column “${name}”${suggest(name, names)}`)
    byName.set(name, { ...column, ...changes })
  }
  for (const role of single) {
    const wanted = options[role]
    if (wanted === undefined) continue
    for (const column of byName.values())
      if (column.role === role && column.name !== wanted) change(`--${role}`, column.name, { role: 'feature' })
    change(`--${role}`, wanted, { role, ...(role === 'latency' ? { type: 'numeric' as const } : {}) })
  }
  const many: [string, ColumnRole, readonly string[] | undefined][] = [
    ['--feature', 'feature', options.feature],
    ['--group', 'group', options.group],
    ['--ignore', 'ignore', options.ignore],
  ]
  for (const [option, role, columns] of many) for (const name of columns ?? []) change(option, name, { role })
  for (const name of options.numeric ?? []) change('--numeric', name, { type: 'numeric' })
  for (const name of options.categorical ?? []) change('--categorical', name, { type: 'categorical' })
  for (const text of options.score ?? []) {
    const pair = splitPair(text)
    if (pair === null) throw new CliFault(`--score ${text}: it is written class=column`)
    change('--score', pair[1], { role: 'score', className: pair[0], type: 'numeric' })
  }
  // A class name belongs to scores alone.
  return [...byName.values()].map(({ className, ...column }) =>
    column.role === 'score' && className !== undefined ? { ...column, className } : column,
  )
}
