import { z } from 'zod'
import { anomaly, anomalyCourse, jointAnomalies } from './anomaly.ts'
import {
  driftPart,
  driftQuantile,
  frequentValue,
  measureBounds,
  multivariateDrift,
  populationChange,
  verdictPanel,
} from './drift-detail.ts'
import { cohortErrors, heatMap, sliceCondition } from './error-slices.ts'
import { explanationParts } from './explanation.ts'
import { fairnessFrame, groupRow } from './fairness-frame.ts'
import { draftFinding, monitorKind, target } from './finding.ts'
import { healthScore } from './health-score.ts'
import { columnType } from './model.ts'
import {
  calibrationBin,
  estimatedPerformance,
  fewLabels,
  gainPoint,
  rankedLists,
  thresholdSweep,
} from './performance-detail.ts'
import { estimate, headline, instant, json, sha256, status, windowSchema } from './primitives.ts'
import { qualificationStamp } from './qualification.ts'
import { sensorFault, setApart } from './sensor-fault.ts'

/* The detail that pages draw and exports carry, one shape a kind. */

export const distribution = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('numeric'),
    /** Edges of the drawn bins, one more than counts. */
    edges: z.array(z.number()),
    reference: z.array(z.int()),
    current: z.array(z.int()),
  }),
  z.strictObject({
    type: z.literal('categorical'),
    categories: z.array(z.string()),
    reference: z.array(z.int()),
    current: z.array(z.int()),
  }),
])
export type Distribution = z.infer<typeof distribution>

const test = z.strictObject({
  statistic: z.number().nullable(),
  pValue: z.number().nullable(),
  degreesOfFreedom: z.number().optional(),
})

export const driftFeature = z.strictObject({
  name: z.string(),
  type: z.enum(['numeric', 'categorical']),
  role: z.enum(['feature', 'prediction', 'label', 'score']),
  n: z.strictObject({ reference: z.int(), current: z.int() }),
  missing: z.strictObject({ reference: z.int(), current: z.int() }),
  measures: z.strictObject({
    ks: test.optional(),
    chiSquare: test.optional(),
    psi: z.number().nullable(),
    jensenShannon: z.number().nullable(),
    wasserstein: z.number().nullable().optional(),
    wassersteinNormed: z.number().nullable().optional(),
    hellinger: z.number().nullable().optional(),
    totalVariation: z.number().nullable().optional(),
    cramersV: z.number().nullable().optional(),
    /** Σ q · ln(q / p) of now from the reference, in nats, shares raised to at least 0.0001. */
    kullbackLeibler: z.number().nullable().optional(),
    /** Largest change of one category's share. */
    largestShareDifference: z.number().nullable().optional(),
    /** Change of the mean in standard deviations of the reference. */
    meanShift: z.number().nullable().optional(),
    welch: test.optional(),
    gTest: test.optional(),
    cramerVonMises: test.optional(),
    andersonDarling: test.optional(),
    fisher: test.optional(),
    /** √(2 ∫ (F − G)² dx), in the square root of the column's unit. */
    energy: z.number().nullable().optional(),
    /** The energy distance as a share of the mean distance between the samples, in [0, 1]. */
    energyCoefficient: z.number().nullable().optional(),
  }),
  /** Measures that were not computed for so many values; parameter `costlyUpTo`. */
  leftOut: z.array(z.string()).optional(),
  /** What happened to the population's mean, or to its shares. */
  population: populationChange.optional(),
  /** Of a column of numbers. */
  quantiles: z.array(driftQuantile).optional(),
  /** Of a column of categories that was answered from profiles: the most frequent values, most frequent now first. */
  frequent: z.array(frequentValue).optional(),
  /** Of measures that profiles tell approximately: the ends between which they lie for certain. */
  bounds: z.partialRecord(z.enum(['ks', 'wasserstein', 'wassersteinNormed']), measureBounds).optional(),
  /** The default rules of other tools on the same samples; where it was asked for and samples were there. */
  panel: verdictPanel.optional(),
  /** Of a drifted column: how much of it is one device, firmware, site or time of day. */
  parts: z.array(driftPart).optional(),
  mean: z.strictObject({ reference: z.number(), current: z.number() }).optional(),
  /** Effect measure and test that decided, after correction across features. */
  verdict: z.strictObject({
    status,
    isDrifted: z.boolean(),
    effect: z.strictObject({ measure: z.string(), value: z.number().nullable(), threshold: z.number() }),
    test: z.string(),
    /** Why this test was taken. */
    testReason: z.string().optional(),
    pValue: z.number().nullable(),
    adjustedPValue: z.number().nullable(),
    /** n per side that would be needed, when insufficient. */
    neededN: z.int().nullable(),
    reason: z.string(),
  }),
  distribution,
  /** False when answered from profiles (binned); measures then are of the bins. */
  isExact: z.boolean(),
})
export type DriftFeature = z.infer<typeof driftFeature>
export const driftDetail = z.strictObject({
  kind: z.literal('drift'),
  features: z.array(driftFeature),
  driftedShare: estimate,
  /** All inputs together; where it was asked for and samples were there. */
  multivariate: multivariateDrift.optional(),
  /** Samples that the sensor gate kept out; absent where none were. */
  setApart: setApart.optional(),
})

export const metrics = z.record(z.string(), estimate)
export const confusion = z.strictObject({
  classes: z.array(z.string()),
  /** rows: actual; columns: predicted */
  counts: z.array(z.array(z.int())),
})
export const performanceDetail = z.strictObject({
  kind: z.literal('performance'),
  task: z.enum(['binary', 'multiclass', 'regression']),
  positiveClass: z.string().nullable(),
  labelled: z.int(),
  total: z.int(),
  metrics,
  confusion: confusion.nullable(),
  perClass: z.array(
    z.strictObject({ className: z.string(), n: z.int(), precision: estimate, recall: estimate, f1: estimate }),
  ),
  /** Score bins: mean score against observed share, binary tasks with scores. */
  calibration: z.array(calibrationBin),
  /** Cumulative gains and lift, and what wrong answers cost by threshold: binary tasks with scores. */
  gains: z.array(gainPoint).optional(),
  thresholds: thresholdSweep.optional(),
  /** Of all samples, labelled or not; where the reference has labels to learn from. */
  estimated: estimatedPerformance.optional(),
  fewLabels: fewLabels.optional(),
  ranking: rankedLists.optional(),
  /** The same metrics on the reference, where it has labels and predictions. */
  referenceMetrics: metrics.nullable(),
})

export const integrityColumn = z.strictObject({
  name: z.string(),
  type: columnType,
  n: z.int(),
  missing: z.int(),
  wrongType: z.int(),
  outOfRange: z.int(),
  unseenCategories: z.array(z.strictObject({ value: z.string(), count: z.int() })),
  isConstant: z.boolean(),
  status,
  problems: z.array(z.string()),
})
export const integrityDetail = z.strictObject({
  kind: z.literal('integrity'),
  n: z.int(),
  columns: z.array(integrityColumn),
  duplicates: z.int(),
  /** Age of the newest sample at the end of the window, ms; null when there is none. */
  freshnessMs: z.number().nullable(),
  missingColumns: z.array(z.string()),
  extraColumns: z.array(z.string()),
})

export const biasDetail = z.strictObject({
  kind: z.literal('bias'),
  /** Share of each predicted class, now and in the reference; `ratio` = odds-free share ratio of now to reference. */
  classes: z.array(
    z.strictObject({
      className: z.string(),
      current: estimate,
      reference: estimate,
      ratio: estimate,
      difference: estimate,
    }),
  ),
  /** "calls 30 % more dogs than cats": the classes that gained and lost most. */
  sentence: z.string(),
  labelShares: z.array(z.strictObject({ className: z.string(), current: estimate, reference: estimate })),
})

export const fairnessDetail = z.strictObject({
  kind: z.literal('fairness'),
  positiveClass: z.string(),
  groupColumns: z.array(z.string()),
  groups: z.array(groupRow),
  overall: groupRow,
  /** demographicParityDifference, demographicParityRatio, equalizedOddsDifference, equalizedOddsRatio, equalOpportunityDifference, predictiveParityDifference, accuracyDifference */
  measures: metrics,
  /** Groups smaller than this are shown but not judged. */
  minimumGroupSize: z.int(),
  ...fairnessFrame.shape,
})

export { sliceCondition }
export const errorNode = z.strictObject({
  id: z.int(),
  parent: z.int().nullable(),
  depth: z.int(),
  condition: sliceCondition.nullable(),
  /** The whole path in words. */
  description: z.string(),
  n: z.int(),
  errors: z.int(),
  errorRate: estimate,
  /** Share of all errors that fall here. */
  coverage: z.number(),
  isLeaf: z.boolean(),
})
export const errorsDetail = z.strictObject({
  kind: z.literal('errors'),
  n: z.int(),
  errors: z.int(),
  overall: estimate,
  nodes: z.array(errorNode),
  /** Worst leaves whose error rate exceeds the rest's after correction. */
  worst: z.array(
    z.strictObject({
      nodeId: z.int(),
      description: z.string(),
      errorRate: estimate,
      rest: estimate,
      adjustedPValue: z.number(),
      isConfirmed: z.boolean(),
    }),
  ),
  /** Error rate by the values of two columns, where they were named. */
  heatMap: heatMap.optional(),
  /** Saved slices of the model, where there are any. */
  cohorts: z.array(cohortErrors).optional(),
})

export const explanationDetail = z.strictObject({
  kind: z.literal('explanation'),
  method: z.enum(['permutation-endpoint', 'permutation-onnx', 'surrogate']),
  /** What the numbers mean, in one sentence. */
  note: z.string(),
  baseline: estimate,
  importances: z.array(z.strictObject({ column: z.string(), importance: estimate })),
  ...explanationParts,
})

export const channelHealth = z.strictObject({
  channel: z.string(),
  unit: z.string(),
  n: z.int(),
  last: z.strictObject({ at: instant, value: z.number() }).nullable(),
  median: z.number().nullable(),
  mad: z.number().nullable(),
  gaps: z.array(z.strictObject({ from: instant, to: instant })),
  stuck: z.array(z.strictObject({ from: instant, to: instant, value: z.number() })),
  outOfRange: z.int(),
  outliers: z.array(z.strictObject({ at: instant, value: z.number(), score: z.number() })),
  /** Slope per day and when the limit is reached if it goes on so. */
  trend: z
    .strictObject({
      perDay: estimate,
      reachesLimitAt: instant.nullable(),
      reachesLimitInterval: z.tuple([instant, instant.nullable()]).nullable(),
      sentence: z.string(),
    })
    .nullable(),
  /** Sudden lasting change of level, e.g. a knock that tilts a box. */
  shifts: z.array(z.strictObject({ at: instant, before: z.number(), after: z.number() })),
  /** Absent with too few readings to know what is usual, and in reports of earlier engines. */
  anomalies: z.array(anomaly).optional(),
  course: anomalyCourse.optional(),
  score: healthScore.optional(),
  status,
  problems: z.array(z.string()),
})
export const deviceDetail = z.strictObject({
  kind: z.literal('device'),
  channels: z.array(channelHealth),
  lastSeenAt: instant.nullable(),
  /** Absent where fewer than two channels report often enough. */
  joint: jointAnomalies.optional(),
  /** What the sensor gate does not let pass, oldest first. */
  faults: z.array(sensorFault).optional(),
})

export const endpointDetail = z.strictObject({
  kind: z.literal('endpoint'),
  probes: z.int(),
  errorShare: estimate,
  latencyMs: z.strictObject({ p50: estimate, p95: estimate, p99: estimate }),
})

export const reportDetail = z.discriminatedUnion('kind', [
  driftDetail,
  performanceDetail,
  integrityDetail,
  biasDetail,
  fairnessDetail,
  errorsDetail,
  explanationDetail,
  deviceDetail,
  endpointDetail,
])
export type ReportDetail = z.infer<typeof reportDetail>
export type DetailOf<K extends ReportDetail['kind']> = Extract<ReportDetail, { kind: K }>

export const report = z.strictObject({
  kind: monitorKind,
  target,
  window: windowSchema,
  /** What it was compared with: a dataset digest or a window. */
  reference: z.union([z.strictObject({ datasetDigest: sha256 }), z.strictObject({ window: windowSchema })]).nullable(),
  parameters: z.record(z.string(), json),
  engine: z.string(),
  /** How this engine had done when it last examined itself on this machine; absent where it had not. */
  qualification: qualificationStamp.optional(),
  headline,
  findings: z.array(draftFinding),
  detail: reportDetail,
})
export type Report = z.infer<typeof report>

/** A report as kept, with when and by what it was asked. */
export const storedReport = z.strictObject({
  id: z.string(),
  at: instant,
  monitorId: z.string().nullable(),
  durationMs: z.number(),
  report,
})
export type StoredReport = z.infer<typeof storedReport>
