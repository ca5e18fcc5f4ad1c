import { readFileSync } from 'node:fs'
import { parquetReadObjects } from 'hyparquet'
import { binaryMetrics } from '../../../src/stats/binary-metrics.ts'
import { estimatePerformance } from '../../../src/stats/cbpe.ts'
import { binaryCountsOf, countConfusion } from '../../../src/stats/confusion.ts'
import { controlLimits } from '../../../src/stats/control-limits.ts'
import { applyIsotonic, fitIsotonic } from '../../../src/stats/isotonic-regression.ts'
import { rocAuc } from '../../../src/stats/roc-auc.ts'
import { splitScores } from '../../../src/stats/scored-classes.ts'
import { sharedUrl } from '../shared.ts'
import { Book, type Claims, equal } from './claims.ts'
import {
  accuracyErrorSource,
  type ErrorSource,
  f1ErrorSource,
  rocAucErrorSource,
  samplingErrorAt,
} from './sampling-error.ts'

const chunkSize = 5000
const measures = ['roc_auc', 'accuracy', 'f1'] as const
type Measure = (typeof measures)[number]
type Values = Readonly<Record<Measure, number | null>>
type Rows = Readonly<Record<string, Float64Array>>

async function readTable(name: string, columns: readonly string[]): Promise<Rows> {
  const bytes = readFileSync(sharedUrl(`data/employment/${name}`))
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const rows = await parquetReadObjects({ file, columns: [...columns] })
  return Object.fromEntries(columns.map((column) => [column, Float64Array.from(rows, (row) => Number(row[column]))]))
}

/** cbpe.json: performance estimated from calibrated scores, chunk by chunk, beside what came true. */
export async function claimCbpe(): Promise<Claims> {
  const book = new Book()
  for (const name of ['nannyml', 'sklearn']) book.at('_versions').described(name, 'names the release')
  const scored = ['predicted_probability', 'prediction']
  const reference = await readTable('employment_MA_reference.pq', [...scored, 'employed'])
  const analysis = await readTable('employment_MA_analysis.pq', scored)
  const { employed } = await readTable('employment_MA_analysis_target.pq', ['employed'])
  const inside = book.at('employment_MA_size5000')
  const n = employed.length
  const fit = fitIsotonic(reference.predicted_probability, reference.employed)
  if (fit.status !== 'ok') throw new Error('the reference has rows')
  const calibrated = applyIsotonic(fit, analysis.predicted_probability)
  inside.values({ n_ref: reference.employed.length, n_analysis: n, isotonic_points: fit.x.length }, equal)
  inside.described('chunk', 'the number of rows that was asked for')
  inside.described('needs_calibration', 'whether it calibrates; the project always does')
  const whole = realised(reference, 0, reference.employed.length)
  inside.values({ ref_roc_auc: whole.roc_auc, ref_accuracy: whole.accuracy })
  const limits = limitsOf(reference)
  const sources: Readonly<Record<Measure, ErrorSource | null>> = {
    roc_auc: rocAucErrorSource(reference.employed, reference.predicted_probability),
    accuracy: accuracyErrorSource(reference.employed, reference.prediction),
    f1: f1ErrorSource(reference.employed, reference.prediction),
  }
  const apart: Record<'accuracy' | 'roc_auc', number[]> = { accuracy: [], roc_auc: [] }
  for (let from = 0, chunk = 0; from < n; from += chunkSize, chunk++) {
    const to = Math.min(n, from + chunkSize)
    const truth = realised({ ...analysis, employed }, from, to)
    const outcome = estimatePerformance(
      calibrated.subarray(from, to),
      analysis.prediction.subarray(from, to),
      analysis.predicted_probability.subarray(from, to),
    )
    if (outcome.status !== 'ok') throw new Error('the chunk has rows')
    const estimate: Values = {
      accuracy: outcome.metrics.accuracy,
      f1: outcome.metrics.f1,
      roc_auc: outcome.rocAuc,
    }
    apart.accuracy.push(Math.abs((estimate.accuracy ?? Number.NaN) - (truth.accuracy ?? Number.NaN)))
    apart.roc_auc.push(Math.abs((estimate.roc_auc ?? Number.NaN) - (truth.roc_auc ?? Number.NaN)))
    const row = inside.at('chunks', chunk)
    row.values({ chunk: `[${from}:${to - 1}]`, start_index: from, end_index: to - 1, n: to - from }, equal)
    row.at('hand').values({
      estimated_accuracy: estimate.accuracy,
      estimated_roc_auc_ties_grouped: estimate.roc_auc,
      estimated_f1: estimate.f1,
      realized_accuracy: truth.accuracy,
      realized_roc_auc: truth.roc_auc,
      realized_f1: truth.f1,
    })
    for (const measure of measures)
      claimMeasure(row.at('nannyml', measure), {
        measure,
        value: estimate[measure] ?? Number.NaN,
        realised: truth[measure],
        error: samplingErrorAt(sources[measure] ?? { deviation: Number.NaN, share: 1 }, to - from) ?? Number.NaN,
        limits: limits[measure],
      })
  }
  // It rounds cumulative sums and does not group ties, so that its area under the curve is off by up to 2e-9 a chunk.
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  inside.at('mean_abs_error').value('accuracy', mean(apart.accuracy))
  inside.at('mean_abs_error').value('roc_auc', mean(apart.roc_auc), { by: 'relative', within: 1e-6 })
  for (const measure of measures)
    inside.at('max_abs_hand_vs_nannyml').described(measure, 'how far the two computations of the folder are apart')
  return book.claims
}

/** Performance where the labels are known, of some rows. */
function realised(rows: Rows, from: number, to: number): Values {
  const labels = rows.employed.subarray(from, to)
  const counts = binaryCountsOf(countConfusion(labels, rows.prediction.subarray(from, to), 2), 1)
  const auc = rocAuc(splitScores(rows.predicted_probability.subarray(from, to), labels))
  const { accuracy, f1 } = binaryMetrics(counts)
  return { accuracy, f1, roc_auc: auc.status === 'ok' ? auc.value : null }
}

/** Mean ± 3 deviations of what came true on the chunks of the reference. */
function limitsOf(reference: Rows): Readonly<Record<Measure, { readonly low: number; readonly high: number }>> {
  const n = reference.employed.length
  const chunks = Array.from({ length: Math.ceil(n / chunkSize) }, (_, i) =>
    realised(reference, i * chunkSize, Math.min(n, (i + 1) * chunkSize)),
  )
  const of = (measure: Measure) => {
    const limits = controlLimits(
      chunks.map((chunk) => chunk[measure] ?? Number.NaN),
      { lowest: 0, highest: 1 },
    )
    if (limits.status !== 'ok') throw new Error('the reference has chunks')
    return limits
  }
  return { roc_auc: of('roc_auc'), accuracy: of('accuracy'), f1: of('f1') }
}

function claimMeasure(
  book: Book,
  {
    measure,
    value,
    realised,
    error,
    limits,
  }: {
    readonly measure: Measure
    readonly value: number
    readonly realised: number | null
    readonly error: number
    readonly limits: { readonly low: number; readonly high: number }
  },
): void {
  // It rounds cumulative sums of the curve to five places and does not group ties.
  const within = { by: 'relative', within: measure === 'roc_auc' ? 2e-7 : 1e-9 } as const
  const why = 'ties of the score are grouped and nothing is rounded on the way'
  const claim = (name: string, got: number) => {
    if (measure === 'roc_auc') book.differs(name, got, why, { got, close: within })
    else book.value(name, got)
  }
  claim('value', value)
  claim('upper_confidence_boundary', Math.min(1, value + 3 * error))
  claim('lower_confidence_boundary', Math.max(0, value - 3 * error))
  for (const name of ['sampling_error', 'realized_sampling_error']) {
    if (measure !== 'roc_auc') book.value(name, error)
    else
      book.differs(name, error, 'a tie of the score counts half; there as a loss', {
        got: error,
        close: { by: 'relative', within: 1e-6 },
      })
  }
  book.value('realized', realised)
  book.values({ upper_threshold: limits.high, lower_threshold: limits.low })
  book.value('alert', value > limits.high || value < limits.low, equal)
}
