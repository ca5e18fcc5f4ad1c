import { uninterrupted } from '../../../analysis/answer.ts'
import { analyzeIntegrity } from '../../../analysis/integrity.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { parseParameters } from '../options.ts'
import { formatTable } from '../output.ts'
import { type Asked, fromFindings } from './asked.ts'
import { type DriftOptions, readPair } from './drift.ts'

type Detail = DetailOf<'integrity'>

/** Looks for what is broken in a file, measured by another. */
export async function askIntegrity(options: DriftOptions): Promise<Asked> {
  const parameters = parseParameters(parametersOf.integrity, options.set ?? {})
  const [reference, current] = await readPair(options)
  const answer = analyzeIntegrity(
    {
      current: current.table,
      reference: reference.table,
      schema: null,
      window: null,
      ignoredColumns: [],
      wrongTypes: current.wrongTypes,
      missingSequence: 0,
    },
    parameters,
    uninterrupted,
  )
  const { kind: _, ...detail } = answer.detail
  return {
    headline: answer.headline,
    json: detail,
    files: { reference: reference.facts, current: current.facts },
    parameters,
    notes: [...reference.notes, ...current.notes],
    measured: fromFindings(answer.findings),
    text: () => textOf(answer.detail),
  }
}

function textOf({ n, columns, duplicates, missingColumns, extraColumns }: Detail): string {
  const facts = [
    `${n} rows, ${duplicates} of them repeated`,
    ...(missingColumns.length > 0 ? [`missing columns: ${missingColumns.join(', ')}`] : []),
    ...(extraColumns.length > 0 ? [`columns that the reference lacks: ${extraColumns.join(', ')}`] : []),
  ]
  const table = formatTable(
    [
      { title: 'column' },
      { title: 'type' },
      { title: 'status' },
      { title: 'n', align: 'right' },
      { title: 'missing', align: 'right' },
      { title: 'wrong type', align: 'right' },
      { title: 'out of range', align: 'right' },
      { title: 'unseen', align: 'right' },
      { title: 'problems' },
    ],
    columns.map((column) => [
      column.name,
      column.type,
      column.status,
      String(column.n),
      String(column.missing),
      String(column.wrongType),
      String(column.outOfRange),
      String(column.unseenCategories.reduce((sum, { count }) => sum + count, 0)),
      column.problems.join('; '),
    ]),
  )
  return `${facts.join('\n')}\n\n${table}`
}
