import { z } from 'zod'
import type { MonitorKind } from '../contract/finding.ts'

/*
 * What can be set for each question. Every field has a default, so that `parametersOf.drift.parse({})` is complete; an
 * unknown field is refused with its name.
 */

/** Nominal coverage of two-sided intervals. */
const confidence = z.number().min(0.5).max(0.999).default(0.95)
/** Resamples of a bootstrap or permutations of a test. */
const resamples = z.int().min(50).max(10_000).default(500)
/** Where random numbers start; the same seed gives the same finding, bit for bit. */
const seed = z.int().min(0).max(4_294_967_295).default(1)
/**
 * Level at which a test counts as evidence, after Benjamini–Hochberg where several are done together. A monitor that looks often
 * asks with the small part of its error budget that this look may spend.
 */
const alpha = z.number().positive().max(0.5).default(0.05)
/** Fewer values than this (on the smaller side of a comparison) are not judged. */
const minimumN = z.int().min(1).max(1_000_000).default(30)
const share = z.number().min(0).max(1)

const measureOfShares = ['jensenShannon', 'psi', 'hellinger', 'totalVariation', 'kullbackLeibler'] as const
const numericMeasure = z.enum([...measureOfShares, 'wassersteinNormed', 'ks', 'meanShift', 'energyCoefficient'])
export type NumericMeasure = z.infer<typeof numericMeasure>
const categoricalMeasure = z.enum([...measureOfShares, 'cramersV', 'largestShareDifference'])
export type CategoricalMeasure = z.infer<typeof categoricalMeasure>
export type DriftMeasure = NumericMeasure | CategoricalMeasure
const numericTest = z.enum(['auto', 'ks', 'cramerVonMises', 'andersonDarling', 'welch', 'categories'])
export type NumericTest = z.infer<typeof numericTest>
const categoricalTest = z.enum(['auto', 'chiSquare', 'g', 'fisher'])
export type CategoricalTest = z.infer<typeof categoricalTest>
const level = (value: number) => z.number().positive().max(100).default(value)

const drift = z.strictObject({
  /**
   * Effect measures that decide. Jensen–Shannon by default for both types: it lies in [0, 1] whatever the unit, one heavy tail
   * cannot move it, it is the same on samples and on profiles, and (unlike Cramér's V of a two-row table) it does not
   * shrink when the reference is much larger than the window.
   */
  numericMeasure: numericMeasure.default('jensenShannon'),
  categoricalMeasure: categoricalMeasure.default('jensenShannon'),
  /** From which effect on a change matters, by measure. */
  thresholds: z
    .strictObject({
      jensenShannon: level(0.1),
      psi: level(0.2),
      hellinger: level(0.1),
      totalVariation: level(0.1),
      wassersteinNormed: level(0.1),
      ks: level(0.1),
      cramersV: level(0.1),
      kullbackLeibler: level(0.1),
      largestShareDifference: level(0.1),
      meanShift: level(0.2),
      energyCoefficient: level(0.015),
    })
    .prefault({}),
  /** Measure, threshold and test of single columns, by name; what is left out stays as above. */
  overrides: z
    .record(
      z.string(),
      z.strictObject({
        measure: z.union([numericMeasure, categoricalMeasure]).optional(),
        threshold: z.number().positive().optional(),
        test: z.union([numericTest, categoricalTest]).optional(),
      }),
    )
    .default({}),
  /**
   * Two-sample tests. `auto`: numbers with at most ten distinct values, and categories, by chi-square or, where counts are too
   * small for it, by Fisher's exact test; other numbers by Kolmogorov–Smirnov, whose p-value is exact up to 10,000 values a side.
   */
  numericTest: numericTest.default('auto'),
  categoricalTest: categoricalTest.default('auto'),
  /**
   * Values of both sides together up to which the costlier measures (Cramér–von Mises, Anderson–Darling, energy) are given besides
   * those that decide.
   */
  costlyUpTo: z.int().min(0).max(1_000_000_000).default(100_000),
  /** Whether the default rules of other tools are laid beside the verdict, feature by feature; needs samples. */
  panel: z.boolean().default(false),
  /**
   * Columns by whose values the drift of a drifted column is taken apart, and `time of day`; null: the schema's groups, columns whose
   * names tell an origin (device, firmware, site …), and the time of day.
   */
  partsBy: z.array(z.string()).nullable().default(null),
  /** Whether all inputs are compared together, by a classifier and by principal components; needs samples. */
  multivariate: z.boolean().default(false),
  /** Area under the ROC curve of the classifier, and shift of the reconstruction error in deviations, that matter. */
  domainThreshold: z.number().min(0.5).max(1).default(0.6),
  reconstructionThreshold: z.number().positive().max(100).default(0.2),
  /** Rows of each side that are compared together; more are sampled. */
  multivariateRows: z.int().min(100).max(100_000).default(4000),
  folds: z.int().min(2).max(20).default(5),
  seed,
  /** Change of the share of missing values that matters. */
  missingThreshold: share.default(0.05),
  alpha,
  minimumN,
  confidence,
  /** Bins of the reference's quantiles over which shares are compared. */
  bins: z.int().min(2).max(100).default(10),
  /** Columns to look at; null: all inputs that both sides have. */
  columns: z.array(z.string()).nullable().default(null),
  /** Whether predictions, scores and labels are looked at as well. */
  includePrediction: z.boolean().default(true),
  includeScores: z.boolean().default(true),
  includeLabel: z.boolean().default(true),
  /** Measures that get a finding of their own besides the deciding one, for limits that somebody sets on them. */
  otherMeasures: z.array(z.union([numericMeasure, categoricalMeasure])).default([]),
})

const performance = z.strictObject({
  confidence,
  resamples,
  seed,
  minimumN,
  /** Bins of equal width of the calibration curve. */
  calibrationBins: z.int().min(2).max(100).default(10),
  /** What one wrong answer of a binary task costs, in any unit: calling a negative positive, and missing a positive. */
  falsePositiveCost: z.number().min(0).max(1e9).default(1),
  falseNegativeCost: z.number().min(0).max(1e9).default(1),
  /** An estimate without labels this close to what labels say counts as right: of accuracy, or as a share of the error. */
  estimateTolerance: share.default(0.02),
})

const integrity = z.strictObject({
  confidence,
  /** Shares of faulty rows from which the question itself, without limits, warns and calls a breach. */
  warningShare: share.default(0.01),
  breachShare: share.default(0.05),
  /** Without a schema, values further beyond the reference's range than this share of its width are out of range. */
  rangeMargin: z.number().min(0).max(100).default(0.5),
  /** Age of the newest sample at the end of the window that is too old; null: any age is well. */
  maxFreshnessMs: z.int().min(1).nullable().default(null),
  /** Most unseen categories that are listed per column. */
  maxListed: z.int().min(1).max(1000).default(20),
})

const bias = z.strictObject({
  confidence,
  alpha,
  minimumN,
  /** Change of a class's share that matters. */
  threshold: share.default(0.1),
  /** Share that each class should have, in place of its share in the reference; null: the reference is what it is held against. */
  targetShares: z.record(z.string(), share).nullable().default(null),
})

/** What can be compared between groups of classified rows: rates of outcomes, what follows from them, and what scores tell. */
const classMetrics = [
  'selectionRate',
  'baseRate',
  'accuracy',
  'truePositiveRate',
  'falsePositiveRate',
  'falseNegativeRate',
  'trueNegativeRate',
  'precision',
  'negativePredictiveValue',
  'f1',
  'balancedAccuracy',
  'meanScore',
  'calibrationBias',
  'brier',
  'logLoss',
  'rocAuc',
] as const
export type ClassMetric = (typeof classMetrics)[number]
/** And of rows with a predicted number: sizes of errors, their mean, what is predicted, and how often it is near enough. */
export const numberMetrics = ['mae', 'rmse', 'bias', 'withinTolerance', 'meanPrediction', 'meanLabel'] as const
export type NumberMetric = (typeof numberMetrics)[number]
export const isClassMetric = (metric: GroupMetric): metric is ClassMetric =>
  (classMetrics as readonly string[]).includes(metric)
const groupMetric = z.enum([...classMetrics, ...numberMetrics])
export type GroupMetric = z.infer<typeof groupMetric>

const fairness = z.strictObject({
  /** Columns by whose values people or things are grouped, together when several; empty: the question is refused. */
  groupColumns: z.array(z.string()).max(5).default([]),
  /** Smaller groups are shown, not judged. */
  minimumGroupSize: z.int().min(1).max(1_000_000).default(30),
  confidence,
  resamples,
  seed,
  /**
   * Differences from which unequal treatment matters, and ratios below which it does. Differences of a regression's errors and
   * predictions are in standard deviations of the labels (of the predictions, without labels).
   */
  maxDifference: share.default(0.1),
  minRatio: share.default(0.8),
  /** Most groups that are told apart; the rest, smallest first, are left out and counted. */
  maxGroups: z.int().min(2).max(1000).default(100),
  /** Columns that are controlled for: groups are compared within each of their levels, and the contrasts combined. */
  controlColumns: z.array(z.string()).max(5).default([]),
  /** Values of the group columns that make the privileged group; null: the largest judged group. */
  privileged: z.record(z.string(), z.string()).nullable().default(null),
  /** Metrics that are compared between groups besides the usual measures; empty: shown for the usual rates only. */
  metrics: z.array(groupMetric).default([]),
  /** Regression: an error of at most this size is near enough; null: the 90th percentile of |error| over all rows. */
  tolerance: z.number().positive().nullable().default(null),
  /** Interval of a group's rate: Wilson's, Clopper and Pearson's exact one, or percentiles of a bootstrap. */
  rateInterval: z.enum(['wilson', 'exact', 'bootstrap']).default('wilson'),
  /** Probability with which a gap of `maxDifference` should be found; the n it takes is said. */
  power: z.number().min(0.5).max(0.99).default(0.8),
})

const errors = z.strictObject({
  /** Columns that may describe a slice; null: all inputs. */
  columns: z.array(z.string()).nullable().default(null),
  maxDepth: z.int().min(1).max(10).default(4),
  /** Fewest rows in a slice. */
  minLeaf: z.int().min(2).max(1_000_000).default(30),
  /** Regression: errors larger than this count as errors; null: the 90th percentile of |error|. */
  errorThreshold: z.number().positive().nullable().default(null),
  /** Share of rows kept apart to confirm the slices that were found. */
  heldOutShare: z.number().min(0).max(0.9).default(0.3),
  maxSlices: z.int().min(1).max(100).default(10),
  /** A slice matters when its error rate is at least this many times that of the other rows. */
  minLift: z.number().min(1).max(100).default(1.25),
  alpha,
  confidence,
  seed,
  /** Two columns by whose values the error rate is mapped; null: none. */
  heatMap: z.tuple([z.string(), z.string()]).nullable().default(null),
})

const explanation = z.strictObject({
  /** Shuffles per column. */
  repeats: z.int().min(1).max(100).default(5),
  /** Rows that are asked about; more are sampled. */
  maxRows: z.int().min(10).max(1_000_000).default(1000),
  /** Columns to shuffle; null: all inputs. */
  columns: z.array(z.string()).nullable().default(null),
  /** Samples whose predictions are shared out among the columns (SHAP); 0: none. */
  attributedRows: z.int().min(0).max(10_000).default(200),
  /** `kernel`: by asking the model even where its file tells. */
  attributionMethod: z.enum(['auto', 'kernel']).default('auto'),
  /** Rows of the reference (of the window, without one) that stand in for what is not known. */
  backgroundRows: z.int().min(10).max(1000).default(100),
  /** Most made-up rows that the model is asked about for contributions. */
  budgetRows: z.int().min(100).max(100_000_000).default(2_000_000),
  /** `endpoint`: the deployment's endpoint is asked instead of the registered file, about at most `endpointRows` rows in all. */
  asks: z.enum(['auto', 'endpoint']).default('auto'),
  endpointRows: z.int().min(1000).max(10_000_000).default(20_000),
  /** Columns whose effect is drawn value by value, the most important ones; 0: none. */
  dependenceColumns: z.int().min(0).max(100).default(8),
  /** Values that a numeric column is set to. */
  dependencePoints: z.int().min(5).max(100).default(21),
  /** The ranking of columns by contribution has drifted when its gain falls below this. */
  attributionThreshold: share.default(0.9),
  /** Samples further out than all but this share of the reference are outside of it... */
  envelopeLevel: z.number().min(0.001).max(0.2).default(0.01),
  /** ...and it matters when their share is at least this. */
  envelopeThreshold: share.default(0.05),
  /** Reference rows, and as many samples, that distances are measured on. */
  envelopeRows: z.int().min(50).max(5000).default(1000),
  alpha,
  confidence,
  seed,
})

const device = z.strictObject({
  confidence,
  /** Silence counts as a gap from this many times the expected interval on: one lost reading is none. */
  gapFactor: z.number().min(1).max(1000).default(2.5),
  /** Values within this distance of the first of a run count as unchanged, by channel; 0 where not named. */
  stuckTolerance: z.record(z.string(), z.number().min(0)).default({}),
  /** Readings of the moving window in which outliers are looked for, and robust deviations from which one is an outlier. */
  outlierWindow: z.int().min(5).max(1001).default(31),
  outlierThreshold: z.number().min(2).max(100).default(6),
  /** A level has changed when it lies this many robust deviations of either level from the one before... */
  shiftThreshold: z.number().min(1).max(100).default(5),
  /** ...for at least this many readings... */
  shiftConfirmation: z.int().min(10).max(100_000).default(20),
  /** ...not counting this many right after the change, in which a box may ring. */
  shiftSettling: z.int().min(0).max(10_000).default(10),
  /** What repeats at this interval is no change of level and no trend: a day. */
  cycleMs: z.int().min(60_000).default(86_400_000),
  /** A limit that a trend reaches within this many days is a problem, half as many a grave one. */
  horizonDays: z.number().positive().max(3650).default(28),
  /** Most gaps, runs, outliers and changes of level that are listed per channel, newest kept. */
  maxListed: z.int().min(1).max(10_000).default(200),
})

const endpoint = z.strictObject({
  confidence,
  minimumN: z.int().min(1).max(1_000_000).default(5),
  /** Share of failed probes from which the question itself, without limits, warns and calls a breach. */
  warningShare: share.default(0.01),
  breachShare: share.default(0.05),
})

/** Parameters of every question, checked where they enter. */
export const parametersOf = {
  drift,
  performance,
  integrity,
  bias,
  fairness,
  errors,
  explanation,
  device,
  endpoint,
} satisfies Record<MonitorKind, z.ZodType>
export type ParametersOf<K extends MonitorKind> = z.infer<(typeof parametersOf)[K]>
