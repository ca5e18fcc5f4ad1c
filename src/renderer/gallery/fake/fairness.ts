import type { LabelBias } from '../../../contract/label-bias.ts'
import type { Estimate } from '../../../contract/primitives.ts'
import type { DetailOf } from '../../../contract/report.ts'

type Detail = DetailOf<'fairness'>
type GroupRow = Detail['groups'][number]

const within = (value: number, n: number, half: number): Estimate => ({
  value,
  n,
  interval: [value - half, value + half],
})
const spread = (n: number) => 1 / Math.sqrt(n)

const lights = [
  { light: 'day', n: 640, accuracy: 0.93, selection: 0.49 },
  { light: 'dusk', n: 310, accuracy: 0.9, selection: 0.52 },
  { light: 'night', n: 240, accuracy: 0.72, selection: 0.6 },
] as const

/** What an answer about fairness says beyond its measures. */
export function fairnessFrame(groups: readonly GroupRow[], overall: GroupRow): Partial<Detail> {
  const frameOf = (metric: 'accuracy' | 'selectionRate', difference: number, ratio: number) => ({
    metric,
    overall: overall[metric],
    byGroup: groups.map((group) => group[metric]),
    difference: within(difference, 1190, 0.07),
    ratio: within(ratio, 1190, 0.08),
    worst: { light: 'night' },
  })
  const combined = {
    demographicParityDifference: within(0.05, 1100, 0.045),
    equalizedOddsDifference: within(0.17, 1100, 0.08),
    predictiveParityDifference: within(0.06, 1100, 0.05),
    accuracyDifference: within(0.16, 1100, 0.07),
  }
  return {
    frames: [frameOf('accuracy', 0.21, 0.77), frameOf('selectionRate', 0.11, 0.82)],
    power: {
      difference: 0.1,
      power: 0.8,
      alpha: 0.0167,
      comparisons: 3,
      rates: [
        { metric: 'selectionRate', expected: 0.51, neededN: 518, neededRows: 518, short: short(518) },
        { metric: 'accuracy', expected: 0.88, neededN: 291, neededRows: 291, short: short(291) },
      ],
    },
    disparateImpact: {
      privileged: { light: 'day' },
      isNamed: false,
      ratios: lights
        .slice(1)
        .map(({ light, n, selection }) => ({ group: { light }, ratio: within(selection / 0.49, n, 2 * spread(n)) })),
    },
    control: {
      columns: ['site'],
      levels: ['pond', 'gate'].map((site, i) => ({
        level: { site },
        n: 700 - 196 * i,
        groups: [...groups],
        measures: { ...combined, accuracyDifference: within(0.14 + 0.04 * i, 550, 0.09) },
      })),
      combined,
      coveredShare: 0.92,
      leftOut: 0,
    },
    calibration: lights.map(({ light, n, accuracy }) => ({
      group: { light },
      n,
      meanScore: within(0.52, n, spread(n)),
      observed: within(0.52 - (0.93 - accuracy), n, spread(n)),
      bias: within(accuracy - 0.93, n, spread(n)),
      expectedError: 0.95 - accuracy,
      bins: [0.1, 0.3, 0.5, 0.7, 0.9].map((meanScore) => ({
        from: meanScore - 0.1,
        to: meanScore + 0.1,
        n: Math.round(n / 5),
        meanScore,
        observed: within(meanScore * accuracy, Math.round(n / 5), 0.08),
      })),
    })),
  }
}

export const labelBiasOfPark: LabelBias = {
  headline: {
    status: 'warning',
    text: 'Dog is the label of 58 % of light=night and 47 % of light=day, a difference of 0.11 (0.02 to 0.19); given site the disparity of light=day is 0.06 (0.02 to 0.1) (2,400 labels)',
  },
  n: 2400,
  unlabelled: 12,
  classes: ['cat', 'dog'].map((className) => ({
    className,
    share: within(0.5, 2400, 0.02),
    target: null,
    difference: null,
    adjustedPValue: null,
    status: 'ok' as const,
  })),
  imbalance: { ratio: 1.01, evenness: 0.9999 },
  groupColumns: ['light'],
  controlColumns: ['site'],
  groups: lights.map(({ light, n }) => ({
    group: { light },
    n: 2 * n,
    share: within(n / 1190, 2400, 0.02),
    imbalance: (n - 640) / (n + 640),
    status: 'ok' as const,
  })),
  labels: [
    {
      className: 'dog',
      byGroup: lights.map(({ n, selection }) => within(selection - 0.02, 2 * n, spread(2 * n))),
      difference: within(0.11, 2380, 0.08),
      higher: { light: 'night' },
      lower: { light: 'day' },
      disparity: lights.map((_, i) => within(0.07 - 0.05 * i, 2380, 0.04)),
      conditionalDisparity: lights.map((_, i) => within(0.06 - 0.04 * i, 2380, 0.04)),
      status: 'warning',
    },
  ],
}

const short = (needed: number) => lights.filter(({ n }) => n < needed).map(({ light, n }) => ({ group: { light }, n }))
