import { describe, expect, it } from 'vitest'
import type { SchemaSpec } from '../../../contract/model.ts'
import type { Gate, GateResult } from '../../../contract/release.ts'
import { createRandom, randomUniform } from '../../../stats/random.ts'
import { decodeEvidence } from '../evidence/decode.ts'
import { encodeEvidence } from '../evidence/encode.ts'
import { type Answer, type Evidence, type EvidenceRow, evidenceFormat } from '../evidence/shape.ts'
import { judgeGates, stateOfGates } from './judge-gates.ts'

const classes = ['no', 'yes']
const schema: SchemaSpec = {
  task: 'binary',
  classes,
  positiveClass: 'yes',
  columns: [
    { name: 'x', type: 'numeric', role: 'input', isGroup: false, isRequired: true },
    { name: 'site', type: 'categorical', role: 'context', isGroup: true, isRequired: true },
  ],
}
const given = (prediction: string | number, scores: number[] | null = null): Answer => ({
  prediction,
  scores,
  latencyMs: 4,
})
const lost = (kind: 'timeout' | 'status' | 'body', status: number | null = null): Answer => ({
  problem: { kind, status, message: `it said ${status ?? kind}` },
  latencyMs: 4,
})

/** Rows of which the candidate gets `right` of a hundred and production `rightBefore`. */
function evidenceOf(
  options: {
    n?: number
    right?: number
    rightBefore?: number | null
    change?: (row: EvidenceRow) => EvidenceRow
    parts?: Partial<Evidence>
    header?: Partial<Evidence['header']>
  } = {},
): Evidence {
  const { n = 200, right = 95, rightBefore = 90, change = (row) => row } = options
  const random = createRandom(7)
  const rows = Array.from({ length: n }, (_, row): EvidenceRow => {
    const label = classes[row % 2]
    const other = classes[1 - (row % 2)]
    const place = Math.floor(row / 2) % 100
    return change({
      row,
      id: null,
      values: [Math.round(randomUniform(random) * 1000) / 1000, row % 4 < 2 ? 'a' : 'b'],
      label,
      candidate: given(place < right ? label : other),
      production: rightBefore === null ? null : given(place < rightBefore ? label : other),
    })
  })
  const served = { versionId: 'ver_1', versionName: '1', deploymentId: 'dep_1' }
  return {
    header: {
      format: evidenceFormat,
      engine: 'test',
      runId: 'trn_1',
      releaseId: 'rel_1',
      planDigest: 'a'.repeat(64),
      datasetDigest: 'b'.repeat(64),
      candidate: served,
      production: rightBefore === null ? null : served,
      productionProblem: null,
      schema,
      columns: [
        { name: 'x', type: 'numeric', role: 'input' },
        { name: 'site', type: 'categorical', role: 'context' },
      ],
      rows: n,
      startedAt: 1,
      ...options.header,
    },
    rows,
    repeats: [],
    perturbed: [],
    missing: [],
    requests: [],
    ...options.parts,
  }
}
const judge = (gate: Partial<Gate> & Pick<Gate, 'kind'>, evidence: Evidence): GateResult =>
  judgeGates(evidence, { gates: [{ id: 'g', title: 'Gate', ...gate } as Gate] })[0]

const metric = (changes: Partial<Extract<Gate, { kind: 'metric' }>> = {}) => ({
  kind: 'metric' as const,
  metric: 'accuracy',
  limit: 0.9,
  direction: 'at-least' as const,
  usesInterval: false,
  maxLossAgainstProduction: null,
  ...changes,
})

describe('metric gates', () => {
  it('judge the value, or the whole interval', () => {
    const evidence = evidenceOf({ right: 93 })
    expect(judge(metric(), evidence)).toMatchObject({ outcome: 'passed', measured: { value: 0.93, n: 200 } })
    expect(judge(metric({ usesInterval: true }), evidence).outcome).toBe('failed')
    expect(judge(metric({ limit: 0.94 }), evidence).outcome).toBe('failed')
    expect(judge(metric({ metric: 'logLoss', direction: 'at-most', limit: 1 }), evidence).outcome).toBe('error')
  })

  it('compare with production on the same rows, with the paired interval', () => {
    const worse = evidenceOf({ right: 90, rightBefore: 95 })
    const result = judge(metric({ limit: 0.8, maxLossAgainstProduction: 0.02 }), worse)
    expect(result).toMatchObject({ outcome: 'failed', production: { value: 0.95 } })
    expect(result.message).toContain('0.05 worse')
    expect(judge(metric({ limit: 0.8, maxLossAgainstProduction: 0.06 }), worse).outcome).toBe('passed')
    // Ten rows only production got right, none the other way: McNemar's exact p is 2 · 2⁻¹⁰.
    expect(result.detail).toMatchObject({
      comparison: { difference: -0.05, method: 'mcnemar', pValue: 2 ** -9, n: 200 },
    })
    const f1 = judge(metric({ metric: 'f1', limit: 0.8, maxLossAgainstProduction: 0.1 }), worse)
    expect(f1.detail).toMatchObject({ comparison: { method: 'paired-bootstrap' } })
    const { comparison } = f1.detail as { comparison: { difference: number; interval: [number, number] } }
    expect(comparison.interval[0]).toBeLessThan(comparison.difference)
    expect(comparison.interval[1]).toBeGreaterThan(comparison.difference)
  })

  it('pass without production only where none ran; otherwise that is an error', () => {
    const gate = metric({ maxLossAgainstProduction: 0.02 })
    expect(judge(gate, evidenceOf({ rightBefore: null })).outcome).toBe('passed')
    const asked = evidenceOf({ rightBefore: null, header: { productionProblem: 'it was away' } })
    expect(judge(gate, asked)).toMatchObject({ outcome: 'error' })
    expect(judge(metric(), asked).outcome).toBe('passed')
  })

  it('say insufficient for too few rows and error for rows without an answer, never passed', () => {
    expect(judge(metric(), evidenceOf({ n: 20, right: 100 })).outcome).toBe('insufficient')
    const silent = evidenceOf({ change: (row) => (row.row === 3 ? { ...row, candidate: lost('timeout') } : row) })
    expect(judge(metric(), silent)).toMatchObject({ outcome: 'error' })
    expect(judge(metric(), silent).message).toContain('1 of 200 rows got no answer; row 4: it said timeout')
  })
})

describe('fairness and slices', () => {
  const unfair = evidenceOf({
    n: 400,
    right: 100,
    change: (row) => (row.values[1] === 'b' && row.row % 3 === 0 ? { ...row, candidate: given('no') } : row),
  })
  it('find the group that is treated worse', () => {
    const gate = {
      kind: 'fairness' as const,
      measure: 'equalOpportunityDifference',
      groupColumns: ['site'],
      limit: 0.1,
      direction: 'at-most' as const,
      minimumGroupSize: 30,
    }
    expect(judge(gate, unfair).outcome).toBe('failed')
    expect(judge(gate, evidenceOf({ n: 400, right: 100 })).outcome).toBe('passed')
    expect(judge({ ...gate, minimumGroupSize: 300 }, unfair).outcome).toBe('insufficient')
    expect(judge({ ...gate, groupColumns: ['colour'] }, unfair)).toMatchObject({ outcome: 'error' })
    expect(judge({ ...gate, measure: 'kindness' }, unfair)).toMatchObject({ outcome: 'error' })
  })

  it('find the slice that fails, and none where errors are too few to make one', () => {
    const slice = evidenceOf({
      n: 600,
      right: 100,
      change: (row) => {
        const isBad = (row.values[0] as number) > 0.8
        return isBad ? { ...row, candidate: given(row.label === 'yes' ? 'no' : 'yes') } : row
      },
    })
    const gate = { kind: 'worst-slice' as const, maxErrorRate: 0.3, minCoverage: 0.1 }
    const found = judge(gate, slice)
    expect(found).toMatchObject({ outcome: 'failed' })
    expect(found.message).toContain('x')
    expect(judge({ ...gate, maxErrorRate: 1 }, slice).outcome).toBe('passed')
    const few = evidenceOf({
      n: 200,
      right: 100,
      change: (row) => (row.row < 2 ? { ...row, candidate: given(row.label === 'yes' ? 'no' : 'yes') } : row),
    })
    expect(judge(gate, few)).toMatchObject({ outcome: 'passed', measured: { value: 0.01 } })
    expect(judge(gate, evidenceOf({ n: 20 })).outcome).toBe('insufficient')
  })
})

describe('behaviour', () => {
  it('counts inputs that get another answer the second time', () => {
    const gate = { kind: 'determinism' as const, samples: 3, tolerance: 0.01 }
    const repeats = [
      { gate: 'g', row: 0, first: given('yes', [0.2, 0.8]), second: given('yes', [0.205, 0.795]) },
      { gate: 'g', row: 1, first: given('yes', [0.2, 0.8]), second: given('yes', [0.25, 0.75]) },
      { gate: 'another', row: 1, first: given('yes'), second: given('no') },
    ]
    expect(judge(gate, evidenceOf({ parts: { repeats } }))).toMatchObject({
      outcome: 'failed',
      measured: { value: 0.5, n: 2 },
    })
    expect(judge({ ...gate, tolerance: 0.1 }, evidenceOf({ parts: { repeats } })).outcome).toBe('passed')
    expect(judge(gate, evidenceOf()).outcome).toBe('insufficient')
  })

  it('counts answers that flip under noise', () => {
    const gate = { kind: 'perturbation' as const, samples: 4, epsilon: 0.1, maxFlipShare: 0.25, seed: 1 }
    const perturbed = [0, 1, 2, 3].map((row) => ({
      gate: 'g',
      row,
      answer: given(row === 0 ? 'yes' : classes[row % 2]),
    }))
    expect(judge(gate, evidenceOf({ parts: { perturbed } }))).toMatchObject({
      outcome: 'passed',
      measured: { value: 0.25, n: 4 },
    })
    expect(judge({ ...gate, maxFlipShare: 0.2 }, evidenceOf({ parts: { perturbed } })).outcome).toBe('failed')
    const broken = [{ gate: 'g', row: 0, answer: lost('status', 500) }]
    expect(judge(gate, evidenceOf({ parts: { perturbed: broken } })).outcome).toBe('error')
  })

  it('takes answers and refusals for a missing input, but no crash, silence or nonsense', () => {
    const gate = { kind: 'missing-inputs' as const, samples: 2 }
    const outcome = (answer: Answer) =>
      judge(gate, evidenceOf({ parts: { missing: [{ gate: 'g', row: 0, column: 'x', answer }] } })).outcome
    expect(outcome(given('yes'))).toBe('passed')
    expect(outcome(lost('status', 422))).toBe('passed')
    expect(outcome(lost('status', 500))).toBe('failed')
    expect(outcome(lost('timeout'))).toBe('failed')
    expect(outcome(lost('body', 200))).toBe('failed')
  })

  it('judges latency by its quantile and by errors, and a load that was not kept not at all', () => {
    const gate = {
      kind: 'latency' as const,
      requestsPerSecond: 100,
      durationMs: 1000,
      quantile: 0.95,
      limitMs: 50,
      maxErrorShare: 0.01,
    }
    const load = (change: (place: number) => Partial<Evidence['requests'][number]> = () => ({}), n = 100) =>
      evidenceOf({
        parts: {
          requests: Array.from({ length: n }, (_, place) => ({
            gate: 'g',
            row: 0,
            dueMs: place * 10,
            lateMs: 0,
            latencyMs: place / 10,
            problem: null,
            ...change(place),
          })),
        },
      })
    expect(judge(gate, load())).toMatchObject({ outcome: 'passed', unit: 'ms', measured: { n: 100 } })
    expect(
      judge(
        gate,
        load((place) => (place > 90 ? { latencyMs: 80 } : {})),
      ).outcome,
    ).toBe('failed')
    expect(
      judge(
        gate,
        load((place) => (place < 5 ? { latencyMs: null, problem: 'refused' } : {})),
      ).outcome,
    ).toBe('failed')
    expect(
      judge(
        gate,
        load(() => ({ lateMs: 500 })),
      ).outcome,
    ).toBe('insufficient')
    expect(
      judge(
        gate,
        load(() => ({}), 10),
      ).outcome,
    ).toBe('insufficient')
    expect(
      judge(
        gate,
        load(() => ({ latencyMs: null, problem: 'gone' })),
      ).outcome,
    ).toBe('failed')
  })
})

describe('evidence', () => {
  const whole = evidenceOf({
    n: 40,
    change: (row) => ({ ...row, values: [row.row === 0 ? null : row.row === 1 ? 'Infinity' : row.values[0], 'ä"\n'] }),
    parts: {
      missing: [{ gate: 'g', row: 5, column: 'x', answer: lost('timeout') }],
      requests: [{ gate: 'g', row: 0, dueMs: 0, lateMs: 0.25, latencyMs: null, problem: 'gone' }],
    },
  })
  const bytes = encodeEvidence(whole)
  const lines = Buffer.from(bytes).toString('utf8').split('\n').slice(0, -1)
  const withLines = (change: (lines: string[]) => string[]) => Buffer.from(`${change([...lines]).join('\n')}\n`, 'utf8')

  it('reads back as it was written, byte for byte', () => {
    expect(decodeEvidence(bytes)).toEqual(whole)
    expect(Buffer.from(encodeEvidence(decodeEvidence(bytes))).equals(bytes)).toBe(true)
  })

  it.each<[string, (lines: string[]) => string[], string]>([
    ['a cut', (all) => all.slice(0, -1), 'breaks off'],
    ['a row left out', (all) => all.filter((_, place) => place !== 5), 'out of order'],
    ['rows swapped', (all) => [all[0], all[2], all[1], ...all.slice(3)], 'out of order'],
    ['a line that is not JSON', (all) => all.with(3, '{"row":'), 'Line 4'],
    ['another field', (all) => all.with(3, all[3].replace('"label"', '"lable"')), 'Line 4'],
    ['something after the end', (all) => [...all, all[1]], 'after its end'],
    ['no header', (all) => all.slice(1), 'Line 1'],
    ['a row that is not there', (all) => all.with(41, all[41].replace('"row":5', '"row":99')), 'no row 99'],
  ])('refuses %s and says where', (_, change, words) => {
    expect(() => decodeEvidence(withLines(change))).toThrow(words)
  })

  it('makes a run that passes only when every gate does', () => {
    const result = judge(metric(), evidenceOf())
    expect(stateOfGates([result])).toBe('passed')
    for (const outcome of ['failed', 'insufficient', 'error'] as const)
      expect(stateOfGates([result, { ...result, outcome }])).toBe('failed')
  })
})
