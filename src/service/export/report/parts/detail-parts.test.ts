import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../../../analysis/answer.ts'
import { analyzeDrift } from '../../../../analysis/drift.ts'
import { analyzeErrors } from '../../../../analysis/errors.ts'
import { analyzeFairness } from '../../../../analysis/fairness.ts'
import { parametersOf } from '../../../../analysis/parameters.ts'
import { analyzePerformance } from '../../../../analysis/performance.ts'
import { ask, channel, day, minute, readings } from '../../../../analysis/testing/devices.ts'
import { categories, numbers, tableOf } from '../../../../analysis/testing/tables.ts'
import type { SchemaSpec } from '../../../../contract/model.ts'
import { type ReportDetail, reportDetail } from '../../../../contract/report.ts'
import { createRandom, randomNormal, randomUniform } from '../../../../stats/random.ts'
import type { Block, ReportDocument } from '../document.ts'
import { renderHtml } from '../html.ts'
import { renderPdf } from '../pdf.ts'
import { comparisonPart } from './comparison-part.ts'
import { detailParts } from './detail-parts.ts'

const schema: SchemaSpec = {
  task: 'binary',
  classes: ['no', 'yes'],
  positiveClass: 'yes',
  columns: ['light', 'size', 'site', 'age'].map((name) => ({
    ...{ name, type: name === 'site' || name === 'age' ? 'categorical' : 'numeric', role: 'input' },
    ...{ isGroup: name === 'site', isRequired: true },
  })) as SchemaSpec['columns'],
}

/** Animals at two sites, with scores that mean what they say; `moved` shifts the light at one of them. */
function animals(seed: number, moved: number) {
  const random = createRandom(seed)
  const rows = Array.from({ length: 900 }, (_, i) => {
    const site = i % 2 === 0 ? 'north' : '<b>south</b>'
    const score = randomUniform(random)
    const label = randomUniform(random) < score ? 'yes' : 'no'
    const light = randomNormal(random) + (site === 'north' ? moved : 0)
    return { site, age: i % 3 === 0 ? 'old' : 'young', light, size: randomNormal(random) + light, score, label }
  })
  return tableOf(
    {
      light: numbers(rows.map(({ light }) => light)),
      size: numbers(rows.map(({ size }) => size)),
      site: categories(rows.map(({ site }) => site)),
      age: categories(rows.map(({ age }) => age)),
    },
    {
      prediction: categories(rows.map(({ score }) => (score > 0.5 ? 'yes' : 'no'))),
      label: categories(rows.map(({ label }) => label)),
      scores: new Map([['yes', Float64Array.from(rows, ({ score }) => score)]]),
    },
  )
}
const [reference, current] = [animals(1, 0), animals(2, 3)]
const outcome = { task: 'binary', classes: ['no', 'yes'], positiveClass: 'yes' } as const
const of = (value: number) => ({ value, n: 90, interval: [value - 0.1, value + 0.1] as [number, number] })

const details: Record<string, () => ReportDetail> = {
  drift: () =>
    analyzeDrift(
      { reference, current, schema },
      parametersOf.drift.parse({ panel: true, multivariate: true, partsBy: ['site'] }),
      uninterrupted,
    ).detail,
  performance: () =>
    analyzePerformance(
      { ...outcome, current, reference },
      parametersOf.performance.parse({ resamples: 50 }),
      uninterrupted,
    ).detail,
  ranking: () =>
    analyzePerformance(
      {
        ...{ task: 'regression', classes: [], positiveClass: null, reference: null },
        current: tableOf(
          { query: categories(Array.from({ length: 400 }, (_, i) => `q${i >> 2}`)) },
          {
            prediction: numbers(Array.from({ length: 400 }, (_, i) => (i * 7) % 11)),
            label: numbers(Array.from({ length: 400 }, (_, i) => (i * 3) % 4)),
          },
        ),
        ranking: { queryColumn: 'query', k: [3] },
      },
      parametersOf.performance.parse({ resamples: 50 }),
      uninterrupted,
    ).detail,
  fairness: () =>
    analyzeFairness(
      { ...outcome, current },
      parametersOf.fairness.parse({ groupColumns: ['site'], controlColumns: ['age'], resamples: 50 }),
      uninterrupted,
    ).detail,
  errors: () =>
    analyzeErrors(
      {
        ...{ current, task: 'binary' },
        cohorts: [
          {
            ...{ id: 'coh_1', modelId: 'mdl_1', name: 'Old <ones>', note: '', isFollowed: true, createdAt: 0 },
            conditions: [{ column: 'age', operator: 'in', value: ['old'] }],
          },
        ],
      },
      parametersOf.errors.parse({ heatMap: ['site', 'age'] }),
      uninterrupted,
    ).detail,
  explanation: () =>
    reportDetail.parse({
      kind: 'explanation',
      method: 'permutation-onnx',
      note: 'How much accuracy falls',
      baseline: of(0.9),
      importances: [{ column: 'light', importance: of(0.3) }],
      attribution: {
        ...{ method: 'kernel', isExact: false, unit: 'probability', backgroundRows: 100, askedRows: 9, budgetRows: 10 },
        ...{ sentence: 'Asked 9 rows of at most 10', output: 'yes', rows: 90, base: 0.4 },
        columns: [{ column: 'light', meanAbsolute: of(0.2), direction: 1, points: [[0.5, 0.1]] }],
      },
      attributionDrift: {
        ...{ ndcg: of(0.8), threshold: 0.9, pValue: 0.002, status: 'breach', sentence: 'Light counts for less' },
        columns: [{ column: 'light', reference: of(0.4), current: of(0.2), placeBefore: 1, placeNow: 2 }],
      },
      dependence: {
        ...{ output: 'yes', unit: 'probability', rows: 90, askedRows: 900 },
        columns: [
          {
            ...{ column: 'light', grid: [0, 1, 2], mean: [0.1, 0.5, 0.9], low: [0, 0.3, 0.7], high: [0.3, 0.7, 1] },
            ...{ curves: [[0.1, 0.6, 0.8]], counts: [3, 3, 3] },
          },
          {
            ...{ column: 'site', grid: ['north', 'south'], mean: [0.4, 0.6], low: [0.3, 0.5], high: [0.5, 0.7] },
            ...{ curves: [], counts: [5, 5] },
          },
        ],
      },
      remarks: ['Counterfactuals are found for single samples'],
    }),
  device: () => {
    const random = createRandom(4)
    return ask(
      channel({ name: 'light', unit: 'lx' }),
      readings(2, minute, (since) => 100 + randomNormal(random) + (since > 1.5 * day && since < 1.51 * day ? 60 : 0)),
    ).detail
  },
}

const expected: Record<string, readonly string[]> = {
  drift: ['What other tools would say of light', 'Evidently', 'Drift of light by site', 'All columns together'],
  performance: ['Calibration', 'Gains and lift', 'Threshold and cost', 'Estimated without labels', 'Trust ledger'],
  ranking: ['Lists ranked worst', 'NDCG at 3'],
  fairness: ['Every metric over the groups', 'Given age', 'Calibration by group', 'Could a gap have been seen?'],
  errors: ['Errors by site and age', 'Cohorts that are followed', 'Old &lt;ones&gt;'],
  explanation: ['SHAP', 'Does it rest on what it rested on?', '1, now 2', 'partial dependence', 'Counterfactuals are'],
  device: ['Health in parts', 'Unusual stretches'],
}

const documentOf = (blocks: readonly Block[]): ReportDocument => ({
  ...{
    title: 'Parts',
    subtitle: 'All of them',
    createdAt: 0,
    facts: [['Made', 'today']],
    hallmarks: [],
    footer: 'end',
  },
  blocks,
})
const names = Object.keys(expected)

describe('parts of a report', () => {
  it.each(names)('%s: every part that is there is told, with what a reader needs', (name) => {
    const html = renderHtml(documentOf(detailParts(details[name]())))
    for (const said of expected[name]) expect(html).toContain(said)
    expect(html).not.toMatch(/NaN|undefined|Infinity|<b>south|\[object/)
  })

  it('are set in PDF from the same charts', async () => {
    const blocks = names.flatMap((name) => detailParts(details[name]()))
    expect(blocks.filter(({ kind }) => kind === 'chart').length).toBeGreaterThan(8)
    const bytes = await renderPdf(documentOf(blocks))
    expect(Buffer.from(bytes).subarray(0, 5).toString()).toBe('%PDF-')
    expect(await renderPdf(documentOf(blocks))).toEqual(bytes)
  }, 60_000)

  it('compare candidate and production where a gate did', () => {
    const gate = {
      gateId: 'g',
      kind: 'metric',
      title: 'Accuracy',
      outcome: 'passed',
      measured: of(0.9),
      unit: '',
    } as const
    const rest = { limit: 0.8, direction: 'at-least', production: of(0.88), message: '' } as const
    const comparison = { n: 300, difference: 0.02, interval: [-0.01, 0.05], pValue: 0.2, method: 'McNemar' }
    const both = { ...comparison, onlyProduction: 7, onlyCandidate: 13 }
    const html = renderHtml(documentOf(comparisonPart([{ ...gate, ...rest, detail: { comparison: both } }])))
    expect(html).toContain('13 against 7')
    expect(html).toContain('McNemar, p = 0.2')
    const uncompared = { comparison: { ...comparison, method: null, n: null, interval: null } }
    expect(comparisonPart([{ ...gate, ...rest, detail: uncompared }])).toEqual([])
  })

  it('are none where an answer has none: a report of an earlier engine stays as it was', () => {
    const none = { value: null, n: 0, interval: null }
    const earlier: unknown[] = [
      { kind: 'drift', features: [], driftedShare: none },
      {
        ...{ kind: 'performance', task: 'binary', positiveClass: 'yes', labelled: 0, total: 0, metrics: {} },
        ...{ confusion: null, perClass: [], calibration: [], referenceMetrics: null },
      },
      { kind: 'errors', n: 0, errors: 0, overall: none, nodes: [], worst: [] },
      { kind: 'explanation', method: 'surrogate', note: 'none', baseline: none, importances: [] },
      { kind: 'device', channels: [], lastSeenAt: null },
      { kind: 'endpoint', probes: 0, errorShare: none, latencyMs: { p50: none, p95: none, p99: none } },
    ]
    for (const detail of earlier) expect(detailParts(reportDetail.parse(detail))).toEqual([])
  })
})
