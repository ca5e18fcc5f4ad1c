import { chiSquareTest } from '../../stats/chi-square.ts'
import { chiSquareSf } from '../../stats/chi-square-distribution.ts'
import { controlLimits } from '../../stats/control-limits.ts'
import { jensenShannonDistance, largestShareDifference } from '../../stats/divergences.ts'
import { kolmogorovSf } from '../../stats/kolmogorov-distribution.ts'
import { kolmogorovSmirnovSorted } from '../../stats/kolmogorov-smirnov.ts'
import { computeMoments, standardDeviationOf } from '../../stats/moments.ts'
import { quantileSorted } from '../../stats/quantiles.ts'
import { finitePart, sortSample, upperBound } from '../../stats/sorted-sample.ts'
import { wassersteinSorted } from '../../stats/wasserstein.ts'
import { yatesChiSquare } from '../../stats/yates-chi-square.ts'
import {
  type EvidentlyTest,
  isPValueOfEvidently,
  pickAsEvidently,
  scoreAsEvidently,
  thresholdAsEvidently,
} from './evidently.ts'
import { countAsNannyml, edgesAsNannyml, jensenShannonAsNannyml } from './nannyml.ts'
import { judged, type Rule, type RuleInput, type RuleResult } from './rule.ts'
import { type CategoricalSamples, countValues, type NumericSamples, sizesOf, total } from './samples.ts'

/*
 * Default rules of other tools, each from its documented behaviour. They are laid beside the console's verdict so that a reader can
 * see why tools disagree; nothing is decided by them.
 */

const evidentlyMeasures: Record<EvidentlyTest, string> = {
  ks: 'Kolmogorov–Smirnov p',
  wasserstein: 'Wasserstein / deviation of the reference',
  jensenshannon: 'Jensen–Shannon distance, natural logarithm',
  chisquare: 'chi-square p against the reference’s shares',
  z: 'two-proportion z p',
}

function judgeAsEvidently({ samples }: RuleInput): RuleResult {
  const test = pickAsEvidently(samples)
  const isP = isPValueOfEvidently(test)
  const traits: Record<EvidentlyTest, string> = {
    ks: 'up to 1,000 reference values it asks for significance, above for size',
    wasserstein: 'above 1,000 reference values it asks for size alone, up to there for significance',
    jensenshannon: 'its distance ends at 0.83, not 1, for its logarithm is the natural one',
    chisquare: 'it takes the reference’s shares for certain, which rejects too often',
    z: 'up to 1,000 reference values it asks for significance, above for size',
  }
  return judged({
    kind: isP ? 'p-value' : 'distance',
    measure: evidentlyMeasures[test],
    value: scoreAsEvidently(test, samples),
    threshold: thresholdAsEvidently(test),
    firesWhen: test === 'ks' ? 'at most' : isP ? 'below' : 'at least',
    trait: traits[test],
  })
}

/** Chunks of the reference from whose spread it takes its limit. */
const chunks = 10

function judgeAsNannyml({ samples, referenceRows }: RuleInput): RuleResult {
  const edges = samples.type === 'numeric' ? edgesAsNannyml(samples.reference) : null
  const counts =
    samples.type === 'numeric' ? countAsNannyml(samples.reference, samples.current, edges ?? undefined) : samples
  const rows = referenceRows.type === 'numeric' ? referenceRows.values.length : referenceRows.codes.length
  const distances: number[] = []
  for (let chunk = 0; rows >= chunks && chunk < chunks; chunk++) {
    const [from, to] = [Math.floor((chunk * rows) / chunks), Math.floor(((chunk + 1) * rows) / chunks)]
    const distance = chunkDistance(samples, referenceRows, from, to, edges)
    if (distance !== null) distances.push(distance)
  }
  const limits = controlLimits(distances, { lowest: 0, highest: 1 })
  return judged({
    kind: 'distance',
    measure: samples.type === 'numeric' ? 'Jensen–Shannon distance, Doane bins' : 'Jensen–Shannon distance',
    value: jensenShannonAsNannyml(counts),
    threshold: limits.status === 'ok' ? limits.high : null,
    firesWhen: 'above',
    trait:
      'its limit is the mean and three deviations of ten chunks of the reference, so that it moves with their size',
  })
}

function chunkDistance(
  samples: RuleInput['samples'],
  rows: RuleInput['referenceRows'],
  from: number,
  to: number,
  edges: Float64Array | null,
): number | null {
  if (samples.type === 'numeric' && rows.type === 'numeric' && edges !== null) {
    const { values } = finitePart(sortSample(rows.values.subarray(from, to)))
    return jensenShannonAsNannyml(countAsNannyml(samples.reference, { values, missing: 0 }, edges))
  }
  if (samples.type !== 'categorical' || rows.type !== 'categorical') return null
  const counts = new Float64Array(samples.reference.length)
  for (let row = from; row < to; row++) if (rows.codes[row] >= 0) counts[rows.codes[row]]++
  return jensenShannonDistance(samples.reference, counts)
}

function judgeAsAlibiDetect({ samples, features }: RuleInput): RuleResult {
  return judged({
    kind: 'p-value',
    measure: samples.type === 'numeric' ? 'Kolmogorov–Smirnov p' : 'chi-square p',
    value: samples.type === 'numeric' ? ksPValue(samples) : contingencyPValue(samples),
    threshold: 0.05 / Math.max(1, features),
    firesWhen: 'below',
    trait: `it divides 0.05 by the ${features} columns and asks for no size`,
  })
}

function ksPValue({ reference, current }: NumericSamples): number | null {
  const ks = kolmogorovSmirnovSorted(reference, current)
  return ks.status === 'ok' ? ks.pValue : null
}

/** With Yates' correction where there are two categories. */
function contingencyPValue(samples: CategoricalSamples): number | null {
  const { reference: p, current: q } = countValues(samples)
  const test = p.length === 2 ? yatesChiSquare(p[0], p[1], q[0], q[1]) : chiSquareTest(p, q)
  return test.status === 'ok' ? test.pValue : null
}

function judgeAsDeepchecks({ samples, role }: RuleInput): RuleResult {
  const isOutcome = role === 'prediction' || role === 'label' || role === 'score'
  return judged({
    kind: 'distance',
    measure: samples.type === 'numeric' ? 'Kolmogorov–Smirnov statistic' : 'Cramér’s V, bias corrected',
    value: samples.type === 'numeric' ? ksStatistic(samples) : correctedCramersV(samples),
    threshold: isOutcome ? 0.15 : 0.2,
    firesWhen: 'at least',
    trait: 'it asks for size alone, and for a large one',
  })
}

function ksStatistic({ reference, current }: NumericSamples): number | null {
  const ks = kolmogorovSmirnovSorted(reference, current)
  return ks.status === 'ok' ? ks.statistic : null
}

/** Cramér's V without its bias upwards (Bergsma 2013), categories below 1 % of the reference as one. */
function correctedCramersV({ reference, current }: CategoricalSamples): number | null {
  const n = total(reference)
  const p: number[] = []
  const q: number[] = []
  let rare = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    if (reference[i] < 0.01 * n) rare = [rare[0] + reference[i], rare[1] + current[i]]
    else {
      p.push(reference[i])
      q.push(current[i])
    }
  }
  if (rare[0] + rare[1] > 0) {
    p.push(rare[0])
    q.push(rare[1])
  }
  if (p.length === 1) return 0
  const test = p.length === 2 ? yatesChiSquare(p[0], p[1], q[0], q[1]) : chiSquareTest(p, q)
  if (test.status !== 'ok') return null
  const size = n + total(q)
  const k = p.length
  const phi = Math.max(0, test.statistic / size - (k - 1) / (size - 1))
  const columns = k - (k - 1) ** 2 / (size - 1)
  const rows = 2 - 1 / (size - 1)
  const width = Math.min(columns - 1, rows - 1)
  return width > 0 ? Math.sqrt(phi / width) : null
}

/** Quantiles at which it looks. */
const quantiles = 100

function judgeAsWhylogs({ samples }: RuleInput): RuleResult {
  const value = samples.type === 'numeric' ? quantileKsPValue(samples) : frequentItemsPValue(samples)
  const result = judged({
    kind: 'p-value',
    measure: samples.type === 'numeric' ? 'Kolmogorov–Smirnov p at 100 quantiles' : 'chi-square p of frequent items',
    value,
    threshold: 0.05,
    firesWhen: 'below',
    trait:
      samples.type === 'numeric'
        ? 'it asks for significance alone, and calls 0.05 to 0.15 possible'
        : 'it takes the reference’s shares for certain, and calls 0.05 to 0.15 possible',
  })
  return value !== null && value >= 0.05 && value < 0.15 ? { ...result, verdict: 'possible' } : result
}

function quantileKsPValue({ reference, current }: NumericSamples): number | null {
  const [a, b] = [reference.values, current.values]
  if (a.length === 0 || b.length === 0) return null
  let largest = 0
  for (let i = 0; i < quantiles; i++) {
    for (const values of [a, b]) {
      const x = quantileSorted(values, i / (quantiles - 1)) ?? 0
      largest = Math.max(largest, Math.abs(upperBound(a, x) / a.length - upperBound(b, x) / b.length))
    }
  }
  return kolmogorovSf(largest, Math.round((a.length * b.length) / (a.length + b.length)))
}

/** Against the reference's shares scaled to the window and cut to whole counts; 0 where one comes to nothing. */
function frequentItemsPValue({ reference, current }: CategoricalSamples): number | null {
  const [n, m] = [total(reference), total(current)]
  if (n === 0 || m === 0) return null
  let statistic = 0
  let present = 0
  for (let i = 0; i < reference.length; i++) {
    if (reference[i] + current[i] === 0) continue
    if (current[i] > 0) present++
    const expected = Math.floor((reference[i] / n) * m)
    if (expected === 0) return 0
    statistic += (current[i] - expected) ** 2 / expected
  }
  return chiSquareSf(statistic, Math.max(1, present - 1))
}

function judgeAsSagemaker({ samples }: RuleInput): RuleResult {
  const { reference: n, current: m } = sizesOf(samples)
  const distance =
    samples.type === 'numeric' ? ksStatistic(samples) : largestShareDifference(samples.reference, samples.current)
  const allowance = 1.8 * Math.sqrt((n + m) / (n * m))
  return judged({
    kind: 'distance',
    measure: `largest gap of the ${samples.type === 'numeric' ? 'distribution functions' : 'shares'} less ${Number(allowance.toPrecision(2))} for n`,
    value: distance === null ? null : Math.max(0, distance - allowance),
    threshold: 0.1,
    firesWhen: 'above',
    trait: 'it takes 1.8 √(1/n + 1/m) off for chance and the rest must exceed 0.1',
  })
}

function judgeAsAzure({ samples }: RuleInput): RuleResult {
  if (samples.type === 'categorical')
    return judged({
      kind: 'distance',
      measure: 'Jensen–Shannon distance',
      value: jensenShannonDistance(samples.reference, samples.current),
      threshold: 0.1,
      firesWhen: 'above',
      trait: 'its limit is the same for any n',
    })
  const deviation = standardDeviationOf(computeMoments(samples.reference.values), 0) ?? 0
  const distance = wassersteinSorted(samples.reference, samples.current, deviation)
  return judged({
    kind: 'distance',
    measure: 'Wasserstein / deviation of the reference',
    value: distance.status === 'ok' ? distance.normed : null,
    threshold: 0.1,
    firesWhen: 'above',
    trait: 'its limit is the same for any n',
  })
}

export const rules: readonly Rule[] = [
  { name: 'Evidently', judge: judgeAsEvidently },
  { name: 'NannyML', judge: judgeAsNannyml },
  { name: 'alibi-detect', judge: judgeAsAlibiDetect },
  { name: 'deepchecks', judge: judgeAsDeepchecks },
  { name: 'whylogs', judge: judgeAsWhylogs },
  { name: 'SageMaker', judge: judgeAsSagemaker },
  { name: 'Azure', judge: judgeAsAzure },
]
