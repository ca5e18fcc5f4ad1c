import { blobReference, isBlobKind } from '../../contract/blob.ts'
import type { IncomingSample } from '../../contract/intake.ts'
import type { SchemaSpec } from '../../contract/model.ts'
import type { Label, Outcome } from '../../contract/sample.ts'
import type { Column } from '../../contract/table.ts'
import { compileSchema } from '../schema-check.ts'
import { ErrorList, type RowError } from './tabular.ts'
import type { SampleTableResult } from './to-sample-table.ts'

export interface ImportTarget {
  readonly deploymentId: string
  readonly versionId: string
  readonly schema: SchemaSpec
  /** Instant of the import: when the samples arrive, and when they happened where the file does not say. */
  readonly now: number
  /** Begins the ids of rows without one, with the row number after it; the file's digest, so that importing it again changes nothing. */
  readonly idPrefix: string
}

export interface ImportedSamples {
  readonly samples: readonly IncomingSample[]
  readonly errors: readonly RowError[]
  readonly errorCount: number
}

type Value = string | number | null

/** A digest, or the address of something that is not here. */
const isStored = (value: string) => /^[0-9a-f]{64}$/.test(value) || blobReference.safeParse(value).success

/** Value of a column at a row; null where missing. Infinite numbers count as missing: a sample holds finite ones only. */
function valueAt(column: Column | null | undefined, row: number): Value {
  if (!column) return null
  if (column.type === 'categorical') return column.codes[row] < 0 ? null : column.categories[column.codes[row]]
  return Number.isFinite(column.values[row]) ? column.values[row] : null
}

/** Column and sentence of a fault that a check wrote as `inputs.temperature: expected …`. */
function splitFault(fault: string): [column: string, message: string] {
  const end = fault.indexOf(': ')
  return [fault.slice(0, end).replace(/^inputs\./, ''), fault.slice(end + 2)]
}

const idAt = (result: SampleTableResult, row: number, prefix: string) =>
  result.table.ids?.[row] || `${prefix}-${result.rowNumbers[row]}`

/**
 * Turns an imported table into samples of a deployment, `size` rows a part. Columns match the schema's by name, also as
 * `inputs.<name>`. A row whose prediction or values the schema refuses is reported and left out.
 */
export function* toIncomingSamples(
  result: SampleTableResult,
  target: ImportTarget,
  size = 1000,
): Generator<ImportedSamples> {
  const { table } = result
  const check = compileSchema(target.schema)
  const inputs = target.schema.columns.map(
    ({ name }) => [name, table.columns.get(name) ?? table.columns.get(`inputs.${name}`)] as const,
  )
  const isBlob = new Set(target.schema.columns.filter(({ type }) => isBlobKind(type)).map(({ name }) => name))
  for (let from = 0; from < table.n || from === 0; from += size) {
    const errors = new ErrorList()
    const samples: IncomingSample[] = []
    for (let row = from; row < Math.min(from + size, table.n); row++) {
      const at = table.at?.[row] ?? target.now
      const fault = (column: string, message: string) => errors.add(result.rowNumbers[row], column, message)
      const id = idAt(result, row, target.idPrefix)
      if (id.length > 128) {
        fault('id', `the id has ${id.length} characters; at most 128 are taken`)
        continue
      }
      const given = valueAt(table.prediction, row)
      if (given === null) {
        fault('prediction', 'the row has no prediction')
        continue
      }
      const prediction = check.checkOutcome(given, 'prediction')
      if (prediction.fault !== null) {
        fault(...splitFault(prediction.fault))
        continue
      }
      const values: Record<string, Value> = {}
      const blobs = new Map<string, string>()
      for (const [name, column] of inputs) {
        const value = valueAt(column, row)
        if (isBlob.has(name) && typeof value === 'string' && isStored(value)) blobs.set(name, value)
        else values[name] = value
      }
      const checked = check.checkInputs(values, blobs)
      if (checked.fault !== null) {
        fault(...splitFault(checked.fault))
        continue
      }
      const scores: Record<string, number> = {}
      for (const [name, column] of table.scores) if (Number.isFinite(column[row])) scores[name] = column[row]
      const scoreFault = check.checkScores(scores)
      if (scoreFault) {
        fault(...splitFault(scoreFault))
        continue
      }
      const label = labelAt(result, row, check, fault)
      const latencyMs = table.latencyMs?.[row] ?? Number.NaN
      samples.push({
        sample: {
          id,
          deploymentId: target.deploymentId,
          versionId: target.versionId,
          at,
          arrivedAt: target.now,
          inputs: checked.inputs,
          prediction: prediction.value,
          scores: Object.keys(scores).length ? scores : null,
          latencyMs: latencyMs >= 0 && Number.isFinite(latencyMs) ? latencyMs : null,
          deviceId: null,
          seq: null,
        },
        label: label === null ? null : toLabel(id, label, at, target),
      })
    }
    yield { samples, errors: errors.listed, errorCount: errors.count }
  }
}

const toLabel = (sampleId: string, label: Outcome, at: number, target: ImportTarget): Label => ({
  sampleId,
  deploymentId: target.deploymentId,
  label,
  at,
  source: 'import',
})

function labelAt(
  result: SampleTableResult,
  row: number,
  check: ReturnType<typeof compileSchema>,
  fault: (column: string, message: string) => void,
): Outcome | null {
  const given = valueAt(result.table.label, row)
  if (given === null) return null
  const label = check.checkOutcome(given, 'label')
  if (label.fault === null) return label.value
  fault(...splitFault(label.fault))
  return null
}

/** Turns a table of ids and labels into labels of a deployment; rows without either are reported. Without a time column a label is of `now`. */
export function toLabels(
  result: SampleTableResult,
  target: ImportTarget,
): { labels: Label[]; errors: readonly RowError[]; errorCount: number } {
  const errors = new ErrorList()
  const check = compileSchema(target.schema)
  const labels: Label[] = []
  for (let row = 0; row < result.table.n; row++) {
    const fault = (column: string, message: string) => errors.add(result.rowNumbers[row], column, message)
    const id = result.table.ids?.[row]
    if (!id || id.length > 128) {
      fault('id', id ? `the id has ${id.length} characters; at most 128 are taken` : 'the row has no sample id')
      continue
    }
    if (valueAt(result.table.label, row) === null) {
      fault('label', 'the row has no label')
      continue
    }
    const label = labelAt(result, row, check, fault)
    if (label !== null) labels.push(toLabel(id, label, result.table.at?.[row] ?? target.now, target))
  }
  return { labels, errors: errors.listed, errorCount: errors.count }
}
