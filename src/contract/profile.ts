import { z } from 'zod'
import { deploymentId, versionId } from './model.ts'
import { instant } from './primitives.ts'

/**
 * Values counted in buckets of u = asinh((x − origin) / scale): bucket i holds ((i − 1)·h, i·h] with h = 2^level / 32. Their
 * ends bound every quantile for certain; of any order of values and merges it is the same.
 */
export const quantileSketch = z.strictObject({
  origin: z.number(),
  scale: z.number().positive(),
  level: z.int().min(0),
  /** At most 256 buckets that hold a value, ascending, and their counts in the same order. */
  indexes: z.array(z.int()),
  counts: z.array(z.int()),
})

/**
 * Mergeable summary of the samples of one deployment and version in one hour. Everything in it adds up, so that
 * merging in any order gives the same answer; sums of squares are kept about `shift` to stay exact.
 */
export const numericSummary = z.strictObject({
  type: z.literal('numeric'),
  /** Finite values: those that are summed and binned. All values are n + missing + infinite. */
  n: z.int(),
  missing: z.int(),
  /** Values that are infinite. */
  infinite: z.int(),
  outOfRange: z.int(),
  /** Fixed origin of the sums (the reference mean, or 0), so that variance does not cancel. */
  shift: z.number(),
  sum: z.number(),
  sumOfSquares: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Interior edges of the reference's bins (bin = number of edges < x); empty without a reference. */
  edges: z.array(z.number()),
  /** One more than edges. */
  counts: z.array(z.int()),
  /** Of all finite values; absent where some of them were counted before there was one, or in other buckets. */
  sketch: quantileSketch.optional(),
})
export type NumericSummary = z.infer<typeof numericSummary>

/**
 * The most frequent of the values that a summary does not list, at most 500: each occurs `count` to `count + error` times, any
 * other 0 to `error` times, for certain.
 */
export const frequentValues = z.strictObject({ counts: z.record(z.string(), z.int()), error: z.int() })
export type FrequentValues = z.infer<typeof frequentValues>

export const categoricalSummary = z.strictObject({
  type: z.literal('categorical'),
  n: z.int(),
  missing: z.int(),
  /** Values outside the declared or reference categories. */
  unseen: z.int(),
  /**
   * The 1,000 categories that come first by name, so that it does not matter which came first in time; the others, and
   * numbers in a column of categories that no reference declares, are added up in `overflow`.
   */
  counts: z.record(z.string(), z.int()),
  overflow: z.int(),
  /** Of those in `overflow`; absent where there are none, or where some were counted before there was such a list. */
  frequent: frequentValues.optional(),
})
export type CategoricalSummary = z.infer<typeof categoricalSummary>

export const columnSummary = z.discriminatedUnion('type', [numericSummary, categoricalSummary])
export type ColumnSummary = z.infer<typeof columnSummary>

/** Classification: counts by `actual` then `predicted`. Regression: sums of errors. Keyed by group (`''` is all, `column=value` a group). */
export const outcomeSummary = z.strictObject({
  labelled: z.int(),
  /** The 5,000 pairs of label and prediction that come first by name, so that it does not matter which came first in time. */
  confusion: z.record(z.string(), z.record(z.string(), z.int())),
  /** How many labelled predictions `confusion` leaves out: all of the pairs from this one on, by label, then prediction. */
  omitted: z.strictObject({ count: z.int(), from: z.tuple([z.string(), z.string()]) }).optional(),
  sumAbsoluteError: z.number(),
  sumSquaredError: z.number(),
  sumError: z.number(),
  /** For R²: sums of the label and its square, about 0. */
  sumLabel: z.number(),
  sumSquaredLabel: z.number(),
})
export type OutcomeSummary = z.infer<typeof outcomeSummary>

export const profile = z.strictObject({
  deploymentId,
  versionId,
  /** Start of the hour of event time. */
  hour: instant,
  n: z.int(),
  columns: z.record(z.string(), columnSummary),
  prediction: columnSummary,
  latency: z.strictObject({
    n: z.int(),
    sum: z.number(),
    max: z.number(),
    /** Counts by power-of-√2 bucket of milliseconds: bucket i holds (√2^(i-1), √2^i]. */
    counts: z.record(z.string(), z.int()),
  }),
  outcomes: z.record(z.string(), outcomeSummary),
  /** Counts by predicted class and group, labelled or not: selection rates without labels. The 5,000 classes that come first by name. */
  predictedByGroup: z.record(z.string(), z.record(z.string(), z.int())),
  /** By group, how many predictions `predictedByGroup` leaves out; groups of which it leaves out none are not named. */
  predictedOmitted: z.record(z.string(), z.int()).optional(),
})
export type Profile = z.infer<typeof profile>

/** How a version's profiles bin their values; made once from the reference, stored with the version's profiles. */
export const binning = z.strictObject({
  versionId,
  /** By numeric column (and `prediction` for regression). */
  numeric: z.record(z.string(), z.strictObject({ shift: z.number(), edges: z.array(z.number()) })),
  /** By categorical column (and `prediction` for classification): the categories of the reference, declared ones first. */
  categorical: z.record(z.string(), z.array(z.string())),
  /** Declared plausible range by numeric column. */
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
  /** Categorical columns by whose values predictions and outcomes are counted apart. */
  groups: z.array(z.string()),
  /** Columns that are not summarised: images, which are digests. */
  omitted: z.array(z.string()),
})
export type Binning = z.infer<typeof binning>
