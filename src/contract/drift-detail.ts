import { z } from 'zod'
import { estimate, status } from './primitives.ts'

/* Parts of the detail of drift that have a shape of their own. */

/** Change of a population's mean, or of the category whose share moved most. */
export const populationChange = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('mean'),
    reference: estimate,
    current: estimate,
    /** Now minus then. */
    difference: estimate,
  }),
  z.strictObject({
    type: z.literal('share'),
    category: z.string(),
    reference: estimate,
    current: estimate,
    /** Now minus then; the interval holds for all categories together. */
    difference: estimate,
  }),
])
export type PopulationChange = z.infer<typeof populationChange>

/** What the default rule of another tool says about the same two samples. */
export const panelVerdict = z.strictObject({
  /** As people know the tool. */
  rule: z.string(),
  /** What its number is. */
  measure: z.string(),
  value: z.number().nullable(),
  threshold: z.number().nullable(),
  /** Where the number must lie to fire. */
  firesWhen: z.enum(['below', 'at most', 'above', 'at least']),
  verdict: z.enum(['drift', 'possible', 'no drift', 'none']),
  /** Why it agrees or not with the console. */
  sentence: z.string(),
})
export type PanelVerdict = z.infer<typeof panelVerdict>
export const verdictPanel = z.strictObject({ sentence: z.string(), rules: z.array(panelVerdict) })
export type VerdictPanel = z.infer<typeof verdictPanel>

/** How far a classifier can tell the window from the reference, all columns together. */
export const domainClassifier = z.strictObject({
  status,
  /** Area under the ROC curve on rows that the classifier has not seen; 0.5 is chance. */
  auc: estimate,
  threshold: z.number(),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable(),
  /** What the area falls by when a column's values are shuffled, largest first. */
  top: z.array(z.strictObject({ column: z.string(), importance: z.number() })),
  sentence: z.string(),
})
/** How far rows of the window break the relations between the columns of the reference. */
export const reconstruction = z.strictObject({
  status,
  components: z.int(),
  /** Share of the reference's variance that they explain. */
  explained: z.number(),
  /** Mean error of rows of the reference that the components were not fitted to, and of the window. */
  reference: estimate,
  current: estimate,
  /** Difference of the means in deviations of the reference's errors. */
  shift: estimate,
  threshold: z.number(),
  pValue: z.number().nullable(),
  adjustedPValue: z.number().nullable(),
  sentence: z.string(),
})
export const multivariateDrift = z.strictObject({
  columns: z.array(z.string()),
  /** Rows that were taken, at random where there were more. */
  rows: z.strictObject({ reference: z.int(), current: z.int() }),
  domainClassifier,
  reconstruction,
})
export type MultivariateDrift = z.infer<typeof multivariateDrift>

/** How much of a column's drift is one device, firmware, site or time of day. */
export const driftPart = z.strictObject({
  /** The column whose values part the samples, or `time of day`. */
  by: z.string(),
  /** Largest share of the drift first. */
  levels: z.array(
    z.strictObject({
      level: z.string(),
      n: z.int(),
      /** Of the window's values. */
      share: z.number(),
      /** Jensen–Shannon distance of these values from the reference, and of all others. */
      distance: z.number().nullable(),
      without: z.number().nullable(),
      /** Share of the drift that goes when these values are left out; below 0 where they hide some. */
      explained: z.number().nullable(),
      /** That these values differ from the others of the window, over all levels together. */
      adjustedPValue: z.number().nullable(),
      standsOut: z.boolean(),
    }),
  ),
  /** Levels that are not listed. */
  otherLevels: z.int(),
  /** Share of the drift that goes when the levels are as common as in the reference; null where it does not tell. */
  mixExplained: z.number().nullable(),
  sentence: z.string(),
})
export type DriftPart = z.infer<typeof driftPart>

/** A quantile with bounds that hold for certain: equal to it where it is of the values, ends of bins and buckets where of profiles. */
const boundedQuantile = z.strictObject({ value: z.number(), low: z.number(), high: z.number() })
export const driftQuantile = z.strictObject({ q: z.number(), reference: boundedQuantile, current: boundedQuantile })
export type DriftQuantile = z.infer<typeof driftQuantile>

/** How often a value occurs: both bounds are the count where profiles tell it, else it lies between them for certain. */
const boundedCount = z.strictObject({ low: z.int(), high: z.int() })
export const frequentValue = z.strictObject({ value: z.string(), reference: boundedCount, current: boundedCount })
export type FrequentValue = z.infer<typeof frequentValue>

/** Ends between which a measure lies for certain. */
export const measureBounds = z.strictObject({ low: z.number(), high: z.number() })
