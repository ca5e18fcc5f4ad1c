import type { MonitorKind } from '../../../contract/finding.ts'
import type { Estimate, Headline } from '../../../contract/primitives.ts'
import type { DriftFeature, ReportDetail, StoredReport } from '../../../contract/report.ts'
import { fairnessFrame } from './fairness.ts'
import { dayMs, deploymentTarget, digestOf, hourMs, nowAt } from './park.ts'
import { estimated, fewLabels, gains, thresholds } from './score-uses.ts'
import { cohortErrors } from './slices.ts'

const estimate = (value: number | null, n = 1204, half = 0.018): Estimate =>
  value === null
    ? { value, n, interval: null, note: 'insufficient: 30 needed' }
    : { value, n, interval: [Math.max(0, value - half), Math.min(1, value + half)] }

const bell = (centre: number, width: number, total: number) =>
  Array.from({ length: 20 }, (_, bin) => Math.round(total * Math.exp(-(((bin - centre) / width) ** 2)) * 0.12))

const numericFeature = (
  name: string,
  effect: number,
  status: DriftFeature['verdict']['status'],
  moved: number,
): DriftFeature => ({
  name,
  type: 'numeric',
  role: 'feature',
  n: { reference: 2400, current: 9120 },
  missing: { reference: 0, current: name === 'sharpness' ? 88 : 0 },
  measures: {
    ks: { statistic: effect * 1.2, pValue: effect > 0.1 ? 1e-12 : 0.31 },
    psi: effect * 2,
    jensenShannon: effect,
  },
  mean: { reference: 120, current: 120 - moved * 8 },
  verdict: {
    status,
    isDrifted: status === 'breach',
    effect: { measure: 'jensenShannon', value: effect, threshold: 0.1 },
    test: 'Kolmogorov–Smirnov',
    pValue: effect > 0.1 ? 1e-12 : 0.31,
    adjustedPValue: effect > 0.1 ? 4e-12 : 0.42,
    neededN: null,
    reason:
      effect > 0.1 ? 'effect above its threshold, and the test survives correction' : 'effect below its threshold',
  },
  distribution: {
    type: 'numeric',
    edges: Array.from({ length: 21 }, (_, edge) => edge * 12.5),
    reference: bell(11, 4, 2400),
    current: bell(11 - moved, 3.6, 9120),
  },
  isExact: false,
})

const classes = ['cat', 'dog']

const groupRows = [
  groupRow('day', 640, 0.93),
  groupRow('dusk', 310, 0.9),
  groupRow('night', 240, 0.72),
  groupRow('fog', 14, null),
]
const allRows = { ...groupRow('', 1204, 0.88), group: {} }

const details: { [K in MonitorKind]?: ReportDetail } = {
  performance: {
    kind: 'performance',
    task: 'binary',
    positiveClass: 'dog',
    labelled: 1204,
    total: 9120,
    metrics: {
      accuracy: estimate(0.881),
      precision: estimate(0.85, 702, 0.026),
      recall: estimate(0.923, 612, 0.021),
      f1: estimate(0.885),
      rocAuc: estimate(0.941, 1204, 0.013),
      brier: estimate(0.092, 1204, 0.01),
      calibrationError: estimate(0.037, 1204, 0.02),
      logLoss: { value: 0.311, n: 1204, interval: [0.28, 0.344] },
    },
    confusion: {
      classes,
      counts: [
        [496, 96],
        [47, 565],
      ],
    },
    perClass: [
      {
        className: 'cat',
        n: 592,
        precision: estimate(0.913, 543),
        recall: estimate(0.838, 592),
        f1: estimate(0.874, 1204),
      },
      {
        className: 'dog',
        n: 612,
        precision: estimate(0.855, 661),
        recall: estimate(0.923, 612),
        f1: estimate(0.888, 1204),
      },
    ],
    calibration: Array.from({ length: 10 }, (_, bin) => ({
      from: bin / 10,
      to: (bin + 1) / 10,
      n: 40 + bin * 18,
      meanScore: bin / 10 + 0.05,
      observed: (bin / 10 + 0.05) ** 1.15,
      interval: [Math.max(0, (bin / 10 + 0.05) ** 1.15 - 0.07), Math.min(1, (bin / 10 + 0.05) ** 1.15 + 0.06)],
    })),
    gains,
    thresholds,
    estimated,
    fewLabels,
    referenceMetrics: {
      accuracy: estimate(0.952, 2400, 0.009),
      precision: estimate(0.949, 1201, 0.012),
      recall: estimate(0.955, 1190, 0.012),
      f1: estimate(0.952, 2400, 0.009),
    },
  },
  drift: {
    kind: 'drift',
    features: [
      numericFeature('tilt', 0.62, 'breach', 7),
      numericFeature('brightness', 0.24, 'breach', 3),
      numericFeature('contrast', 0.05, 'ok', 0.4),
      numericFeature('sharpness', 0.03, 'ok', 0.2),
      {
        ...numericFeature('light', 0.03, 'ok', 0),
        type: 'categorical',
        mean: undefined,
        distribution: {
          type: 'categorical',
          categories: ['day', 'dusk', 'night'],
          reference: [1300, 420, 680],
          current: [4700, 1720, 2700],
        },
      },
      {
        ...numericFeature('prediction', 0.08, 'warning', 0),
        type: 'categorical',
        role: 'prediction',
        mean: undefined,
        distribution: {
          type: 'categorical',
          categories: classes,
          reference: [1210, 1190],
          current: [3960, 5160],
        },
      },
    ],
    driftedShare: { value: 0.4, n: 5, interval: [0.12, 0.77] },
  },
  integrity: {
    kind: 'integrity',
    n: 9120,
    columns: [
      integrityColumn('frame', 'image'),
      integrityColumn('brightness', 'numeric'),
      integrityColumn('contrast', 'numeric'),
      {
        ...integrityColumn('sharpness', 'numeric'),
        missing: 88,
        status: 'warning',
        problems: ['1.0 % of the values are missing'],
      },
      { ...integrityColumn('tilt', 'numeric'), outOfRange: 3 },
      {
        ...integrityColumn('light', 'categorical'),
        unseenCategories: [{ value: 'fog', count: 12 }],
        status: 'breach',
        problems: ['12 values of 1 category that the schema does not declare: fog'],
      },
    ],
    duplicates: 4,
    freshnessMs: 40_000,
    missingColumns: [],
    extraColumns: ['lens'],
  },
  bias: {
    kind: 'bias',
    classes: [
      {
        className: 'cat',
        current: estimate(0.435, 9120, 0.01),
        reference: estimate(0.504, 2400, 0.02),
        ratio: { value: 0.861, n: 9120, interval: [0.82, 0.9] },
        difference: { value: -0.07, n: 9120, interval: [-0.09, -0.05] },
      },
      {
        className: 'dog',
        current: estimate(0.566, 9120, 0.01),
        reference: estimate(0.496, 2400, 0.02),
        ratio: { value: 1.141, n: 9120, interval: [1.1, 1.19] },
        difference: { value: 0.07, n: 9120, interval: [0.05, 0.09] },
      },
    ],
    sentence: 'Calls 30 % more dogs than cats; the reference had 2 % fewer',
    labelShares: [
      { className: 'cat', current: estimate(0.492, 1204), reference: estimate(0.503, 2400) },
      { className: 'dog', current: estimate(0.508, 1204), reference: estimate(0.497, 2400) },
    ],
  },
  fairness: {
    kind: 'fairness',
    positiveClass: 'dog',
    groupColumns: ['light'],
    groups: groupRows,
    overall: allRows,
    measures: {
      demographicParityDifference: { value: 0.11, n: 1190, interval: [0.04, 0.18] },
      demographicParityRatio: { value: 0.82, n: 1190, interval: [0.72, 0.93] },
      equalizedOddsDifference: { value: 0.21, n: 1190, interval: [0.13, 0.28] },
      equalOpportunityDifference: { value: 0.21, n: 1190, interval: [0.13, 0.28] },
      accuracyDifference: { value: 0.19, n: 1190, interval: [0.11, 0.26] },
    },
    minimumGroupSize: 30,
    ...fairnessFrame(groupRows, allRows),
  },
  errors: {
    kind: 'errors',
    cohorts: cohortErrors,
    n: 1204,
    errors: 143,
    overall: estimate(0.119),
    nodes: [
      node(0, null, null, 'all samples', 1204, 143),
      node(1, 0, { column: 'tilt', operator: '<=', value: -4.2 }, 'tilt <= -4.2', 402, 96),
      node(2, 0, { column: 'tilt', operator: '>', value: -4.2 }, 'tilt > -4.2', 802, 47),
      node(3, 1, { column: 'light', operator: 'in', value: ['night'] }, 'tilt <= -4.2 and light is night', 118, 51),
      node(
        4,
        1,
        { column: 'light', operator: 'not in', value: ['night'] },
        'tilt <= -4.2 and light is not night',
        284,
        45,
      ),
    ],
    worst: [
      {
        nodeId: 3,
        description: 'tilt <= -4.2 and light is night',
        errorRate: estimate(0.432, 118, 0.09),
        rest: estimate(0.085, 1086, 0.017),
        adjustedPValue: 1e-9,
        isConfirmed: true,
      },
      {
        nodeId: 4,
        description: 'tilt <= -4.2 and light is not night',
        errorRate: estimate(0.158, 284, 0.04),
        rest: estimate(0.107, 920, 0.02),
        adjustedPValue: 0.04,
        isConfirmed: false,
      },
    ],
  },
  explanation: {
    kind: 'explanation',
    method: 'permutation-endpoint',
    note: 'Fall in accuracy when the values of one column are shuffled, mean of 5 repeats on 1,000 samples, asked of the endpoint.',
    baseline: estimate(0.881, 1000),
    importances: [
      { column: 'frame', importance: { value: 0.36, n: 1000, interval: [0.33, 0.39] } },
      { column: 'brightness', importance: { value: 0.041, n: 1000, interval: [0.02, 0.06] } },
      { column: 'tilt', importance: { value: 0.012, n: 1000, interval: [-0.004, 0.028] } },
      { column: 'contrast', importance: { value: -0.001, n: 1000, interval: [-0.01, 0.008] } },
    ],
  },
}

function integrityColumn(name: string, type: 'numeric' | 'categorical' | 'image') {
  return {
    name,
    type,
    n: 9120,
    missing: 0,
    wrongType: 0,
    outOfRange: 0,
    unseenCategories: [] as { value: string; count: number }[],
    isConstant: false,
    status: 'ok' as 'ok' | 'warning' | 'breach',
    problems: [] as string[],
  }
}

function groupRow(light: string, n: number, rate: number | null) {
  const of = (shift: number) => estimate(rate === null ? null : Math.min(1, rate + shift), n, 12 / n)
  return {
    group: { light } as Record<string, string>,
    n: n * 6,
    labelled: n,
    selectionRate: of(-0.35),
    truePositiveRate: of(0.02),
    falsePositiveRate: of(-0.8),
    falseNegativeRate: estimate(rate === null ? null : 1 - rate, n, 12 / n),
    trueNegativeRate: of(0.01),
    precision: of(0),
    accuracy: of(0),
    status: rate === null ? ('insufficient' as const) : rate < 0.8 ? ('breach' as const) : ('ok' as const),
  }
}

function node(
  id: number,
  parent: number | null,
  condition: {
    column: string
    operator: '<=' | '>' | 'in' | 'not in' | 'missing'
    value: number | string[] | null
  } | null,
  description: string,
  n: number,
  errors: number,
) {
  return {
    id,
    parent,
    depth: parent === null ? 0 : parent === 0 ? 1 : 2,
    condition,
    description,
    n,
    errors,
    errorRate: estimate(errors / n, n, 1 / Math.sqrt(n)),
    coverage: errors / 143,
    isLeaf: id > 1,
  }
}

const headlines: Partial<Record<MonitorKind, Headline>> = {
  performance: {
    status: 'breach',
    text: 'Accuracy 0.881 (0.861 to 0.898), n 1,204, is below its limit 0.90; the reference had 0.952.',
  },
  drift: {
    status: 'breach',
    text: '2 of 5 columns have drifted: tilt and brightness; tilt most (Jensen–Shannon 0.62, limit 0.1).',
  },
  integrity: {
    status: 'breach',
    text: 'light has 12 values of a category that is not declared; 88 values of sharpness are missing.',
  },
  bias: { status: 'warning', text: 'Calls 30 % more dogs than cats; the reference had 2 % fewer.' },
  fairness: { status: 'breach', text: 'Accuracy differs by 0.19 (0.11 to 0.26) between light=day and light=night.' },
  errors: {
    status: 'breach',
    text: 'A third of the errors fall where tilt <= -4.2 and light is night: 43 % wrong against 8.5 % elsewhere.',
  },
  explanation: { status: 'ok', text: 'The frame decides: shuffled, accuracy falls by 0.36 (0.33 to 0.39).' },
}

/** The newest answer to a question, as if asked an hour ago; null for questions that were never asked. */
export function reportOf(kind: MonitorKind): StoredReport | null {
  const detail = details[kind]
  if (detail === undefined) return null
  return {
    id: `rep_${kind}`,
    at: nowAt - hourMs,
    monitorId: `mon_${kind}`,
    durationMs: 412,
    report: {
      kind,
      target: deploymentTarget,
      window: { from: nowAt - 8 * dayMs, to: nowAt - dayMs },
      reference: { datasetDigest: digestOf(3) },
      parameters: {},
      engine: 'gallery 1.0',
      headline: headlines[kind] ?? { status: 'ok', text: 'As it should be.' },
      findings: [],
      detail,
    },
  }
}
