import { z } from 'zod'
import { estimate, status } from './primitives.ts'

/* What an answer about fairness holds beyond its measures; absent from answers of earlier engines. */

/** Value by column: `{ race: 'White', sex: 'Male' }`. */
const groupValues = z.record(z.string(), z.string())
const measures = z.record(z.string(), estimate)

export const groupRow = z.strictObject({
  group: groupValues,
  n: z.int(),
  labelled: z.int(),
  selectionRate: estimate,
  truePositiveRate: estimate,
  falsePositiveRate: estimate,
  falseNegativeRate: estimate,
  trueNegativeRate: estimate,
  precision: estimate,
  accuracy: estimate,
  status,
})

/** One metric by group, and the contrasts between the groups that are judged. */
export const metricFrame = z.strictObject({
  metric: z.string(),
  overall: estimate,
  /** In the order of `groups`. */
  byGroup: z.array(estimate),
  difference: estimate,
  ratio: estimate,
  /** The judged group that fares worst: lowest or highest as the metric has it, furthest from all rows where it has neither. */
  worst: groupValues.nullable(),
})
export type MetricFrame = z.infer<typeof metricFrame>

/** How many rows it takes to find a difference of a rate, against what the groups have. */
export const groupPower = z.strictObject({
  difference: z.number(),
  power: z.number(),
  /** Level of each comparison, so that all of them together keep that of the intervals. */
  alpha: z.number(),
  comparisons: z.int(),
  rates: z.array(
    z.strictObject({
      metric: z.string(),
      /** Rate over all rows, from which a group is taken to differ; null where nobody has it. */
      expected: z.number().nullable(),
      /** What the rate is a share of, needed in each group. */
      neededN: z.int().nullable(),
      /** Rows of a group that hold so many, as a row holds on average. */
      neededRows: z.int().nullable(),
      /** Groups that have fewer. */
      short: z.array(z.strictObject({ group: groupValues, n: z.int() })),
    }),
  ),
})
export type GroupPower = z.infer<typeof groupPower>

/** What a regression's groups are judged by; there `positiveClass` is empty, rates have no value, and `frames` hold the numbers. */
export const fairnessOfNumbers = z.strictObject({
  /** Errors of at most this size are near enough; null where no row has a label. */
  tolerance: z.number().nullable(),
  isToleranceNamed: z.boolean(),
  /** Standard deviation by which differences are measured, and of what it is; null where nothing varies. */
  deviation: z.number().nullable(),
  deviationOf: z.enum(['labels', 'predictions']),
  /** Difference that matters, in the label's unit. */
  matters: z.number().nullable(),
})
export type FairnessOfNumbers = z.infer<typeof fairnessOfNumbers>

export const fairnessFrame = z.strictObject({
  numbers: fairnessOfNumbers.optional(),
  frames: z.array(metricFrame).optional(),
  power: groupPower.optional(),
  /** Selection rates over that of the privileged group; `measures.disparateImpact` is the smallest. */
  disparateImpact: z
    .strictObject({
      privileged: groupValues,
      /** False: the largest group was taken. */
      isNamed: z.boolean(),
      ratios: z.array(z.strictObject({ group: groupValues, ratio: estimate })),
    })
    .optional(),
  /** Groups compared within the levels of what is controlled for, and over all levels together. */
  control: z
    .strictObject({
      columns: z.array(z.string()),
      levels: z.array(
        z.strictObject({
          level: groupValues,
          n: z.int(),
          groups: z.array(groupRow),
          measures,
        }),
      ),
      /** Mantel–Haenszel over the levels. */
      combined: measures,
      /** Share of the rows of judged groups that lie in a level where their group is compared with another. */
      coveredShare: z.number(),
      /** Levels beyond the most that are told apart. */
      leftOut: z.int(),
    })
    .optional(),
  /** How well scores of the positive class mean what they say, by group; where there are scores in [0, 1] and labels. */
  calibration: z
    .array(
      z.strictObject({
        group: groupValues,
        n: z.int(),
        meanScore: estimate,
        observed: estimate,
        /** Observed share less mean score: above 0 the scores are too low. */
        bias: estimate,
        /** Expected calibration error over bins of equal width. */
        expectedError: z.number().nullable(),
        bins: z.array(
          z.strictObject({ from: z.number(), to: z.number(), n: z.int(), meanScore: z.number(), observed: estimate }),
        ),
      }),
    )
    .optional(),
})
export type FairnessFrame = z.infer<typeof fairnessFrame>
