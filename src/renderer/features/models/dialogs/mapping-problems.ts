import type { ColumnMapping, ColumnRole } from '../../../../contract/model.ts'

const once: ColumnRole[] = ['id', 'time', 'prediction', 'label', 'latency']

/** Why columns cannot be read this way, before the file is sent through; empty when they can. */
export function mappingProblems(columns: readonly ColumnMapping[], what: 'dataset' | 'samples' | 'labels'): string[] {
  const count = (role: ColumnRole) => columns.filter((column) => column.role === role).length
  const problems = once.flatMap((role) =>
    count(role) > 1 ? [`${count(role)} columns are read as ${role}: only one can be`] : [],
  )
  if (columns.length > 0 && columns.every(({ role }) => role === 'ignore')) problems.push('Every column is ignored')
  if (what === 'samples' && count('prediction') === 0) problems.push('Predictions need a column read as prediction')
  if (what === 'samples' && count('time') === 0)
    problems.push('Predictions need a column read as time: when they were made')
  if (what === 'labels' && count('id') === 0) problems.push('Labels need a column read as id, to find their samples')
  if (what === 'labels' && count('label') === 0) problems.push('Labels need a column read as label')
  const nameless = columns.filter(({ role, className }) => role === 'score' && !className)
  if (nameless.length > 0)
    problems.push(`Say of which class ${nameless.map(({ name }) => name).join(', ')} is the score`)
  return problems
}
