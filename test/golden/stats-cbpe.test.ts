import { readFileSync } from 'node:fs'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { analyzePerformance } from '../../src/analysis/performance.ts'
import { numbers, tableOf } from '../../src/analysis/testing/tables.ts'
import { binaryMetrics } from '../../src/stats/binary-metrics.ts'
import { estimatePerformance } from '../../src/stats/cbpe.ts'
import { binaryCountsOf, countConfusion } from '../../src/stats/confusion.ts'
import { applyIsotonic, fitIsotonic } from '../../src/stats/isotonic-regression.ts'
import { rocAuc } from '../../src/stats/roc-auc.ts'
import { splitScores } from '../../src/stats/scored-classes.ts'
import { isSharedPresent, readColumns, readJson, relativeError, sharedUrl } from './shared.ts'

type Estimates = Record<'roc_auc' | 'accuracy' | 'f1', { value: number; realized: number }>
type Chunk = { chunk: string; start_index: number; end_index: number; hand: Record<string, number>; nannyml: Estimates }
type Cbpe = Record<string, { ref_roc_auc: number; ref_accuracy: number; isotonic_points: number; chunks: Chunk[] }>

const present = isSharedPresent()

async function readTable(name: string, columns: string[]): Promise<Record<string, Float64Array>> {
  const bytes = readFileSync(sharedUrl(`data/employment/${name}`))
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const rows = await parquetReadObjects({ file, columns })
  return Object.fromEntries(columns.map((column) => [column, Float64Array.from(rows, (row) => Number(row[column]))]))
}

describe.skipIf(!present)('performance estimated without labels: employment', async () => {
  if (!present) return
  const golden = readJson<Cbpe>('golden/cbpe.json').employment_MA_size5000
  const scored = ['id', 'predicted_probability', 'prediction']
  const reference = await readTable('employment_MA_reference.pq', [...scored, 'employed'])
  const analysis = await readTable('employment_MA_analysis.pq', scored)
  const targets = await readTable('employment_MA_analysis_target.pq', ['id', 'employed'])
  const fit = fitIsotonic(reference.predicted_probability, reference.employed)
  if (fit.status !== 'ok') throw new Error('the reference has rows')
  const calibrated = applyIsotonic(fit, analysis.predicted_probability)

  it('reference accuracy and area under the ROC curve', () => {
    const counts = binaryCountsOf(countConfusion(reference.employed, reference.prediction, 2), 1)
    expect(relativeError(binaryMetrics(counts).accuracy, golden.ref_accuracy)).toBeLessThan(1e-9)
    const auc = rocAuc(splitScores(reference.predicted_probability, reference.employed))
    expect(relativeError(auc.status === 'ok' ? auc.value : null, golden.ref_roc_auc)).toBeLessThan(1e-9)
  })

  it('isotonic knots', () => {
    const knots = readColumns('golden/cbpe_employment_isotonic_thresholds.csv')
    expect(fit.x.length).toBe(golden.isotonic_points)
    knots.x.forEach((x, i) => {
      // The listed knots carry twelve digits.
      expect(relativeError(fit.x[i], Number(x))).toBeLessThan(1e-11)
      expect(relativeError(fit.y[i], Number(knots.y[i]))).toBeLessThan(1e-11)
    })
  })

  it('labels stand in the order of the rows', () => expect(targets.id).toEqual(analysis.id))

  it.each(golden.chunks)('chunk $chunk: estimated and realised', ({ start_index, end_index, hand, nannyml }) => {
    const cut = (values: Float64Array) => values.subarray(start_index, end_index + 1)
    const predictions = cut(analysis.prediction)
    const scores = cut(analysis.predicted_probability)
    const estimated = estimatePerformance(cut(calibrated), predictions, scores)
    if (estimated.status !== 'ok') throw new Error('the chunk has rows')
    expect(relativeError(estimated.metrics.accuracy, hand.estimated_accuracy)).toBeLessThan(1e-9)
    expect(relativeError(estimated.metrics.f1, hand.estimated_f1)).toBeLessThan(1e-9)
    expect(relativeError(estimated.rocAuc, hand.estimated_roc_auc_ties_grouped)).toBeLessThan(1e-9)
    expect(relativeError(estimated.metrics.accuracy, nannyml.accuracy.value)).toBeLessThan(1e-9)
    expect(relativeError(estimated.metrics.f1, nannyml.f1.value)).toBeLessThan(1e-9)
    // It rounds cumulative sums to five places and does not group ties.
    expect(relativeError(estimated.rocAuc, nannyml.roc_auc.value)).toBeLessThan(2e-7)

    // The same from the question, which calibrates by itself.
    const tableWith = (
      from: Record<string, Float64Array>,
      part: (values: Float64Array) => Float64Array,
      label: Float64Array | null,
    ) =>
      tableOf(
        {},
        {
          label: label === null ? null : numbers(label),
          prediction: numbers(part(from.prediction)),
          scores: new Map([['1', part(from.predicted_probability)]]),
        },
      )
    const { estimated: asked } = analyzePerformance(
      {
        current: tableWith(analysis, cut, null),
        reference: tableWith(reference, (values) => values, reference.employed),
        task: 'binary',
        classes: ['0', '1'],
        positiveClass: '1',
      },
      parametersOf.performance.parse({ resamples: 100 }),
      uninterrupted,
    ).detail
    expect(relativeError(asked?.metrics.accuracy.value ?? null, hand.estimated_accuracy)).toBeLessThan(1e-9)
    expect(relativeError(asked?.metrics.f1.value ?? null, hand.estimated_f1)).toBeLessThan(1e-9)
    expect(relativeError(asked?.metrics.rocAuc.value ?? null, hand.estimated_roc_auc_ties_grouped)).toBeLessThan(1e-9)

    const labels = cut(targets.employed)
    const realised = binaryMetrics(binaryCountsOf(countConfusion(labels, predictions, 2), 1))
    const auc = rocAuc(splitScores(scores, labels))
    expect(relativeError(realised.accuracy, hand.realized_accuracy)).toBeLessThan(1e-9)
    expect(relativeError(realised.f1, hand.realized_f1)).toBeLessThan(1e-9)
    expect(relativeError(auc.status === 'ok' ? auc.value : null, hand.realized_roc_auc)).toBeLessThan(1e-9)
  })
})
