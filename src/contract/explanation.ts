import { z } from 'zod'
import { estimate, recordId, status } from './primitives.ts'
import { inputValue } from './sample.ts'

/* What an explanation says beyond importance: for a whole window, and for one sample. */

/** `linear`, `trees`: exact from the file; `kernel`: from answers of the model about made-up rows. */
export const attributionMethod = z.enum(['linear', 'trees', 'kernel'])
/** Unit of contributions: log-odds of the class, its raw score, its probability, or the predicted number. */
export const attributionUnit = z.enum(['log-odds', 'raw score', 'probability', 'value'])
export type AttributionUnit = z.infer<typeof attributionUnit>

/** How contributions were found, and what that cost. */
export const attributionFacts = z.strictObject({
  method: attributionMethod,
  /** No coalition was left out: with the same background anybody finds the same numbers. */
  isExact: z.boolean(),
  unit: attributionUnit,
  /** Rows, drawn from the reference or the window, whose values stand in for what is not known. */
  backgroundRows: z.int(),
  /** Made-up rows that the model answered, and how many it might have been asked. */
  askedRows: z.int(),
  budgetRows: z.int(),
  /** Method, background and budget in one sentence. */
  sentence: z.string(),
})
export type AttributionFacts = z.infer<typeof attributionFacts>

export const globalAttribution = z.strictObject({
  ...attributionFacts.shape,
  /** Class whose score is explained; null where each sample's predicted class is, and for regressions. */
  output: z.string().nullable(),
  rows: z.int(),
  /** Mean output over the background. */
  base: z.number(),
  /** Largest first. */
  columns: z.array(
    z.strictObject({
      column: z.string(),
      /** Mean size of the contribution over the samples. */
      meanAbsolute: estimate,
      /** Rank correlation of value and contribution; null for categories and constants. */
      direction: z.number().nullable(),
      /** One point a sample: the value's place among the others, 0 to 1 (null for categories and missing), and its contribution. */
      points: z.array(z.tuple([z.number().nullable(), z.number()])),
    }),
  ),
})
export type GlobalAttribution = z.infer<typeof globalAttribution>

/** How the mean answer moves when one column is set to each value in turn, all else as it is. */
export const dependence = z.strictObject({
  column: z.string(),
  /** Values it was set to: numbers, or the commonest categories. */
  grid: z.union([z.array(z.number()), z.array(z.string())]),
  mean: z.array(z.number()),
  /** The middle four fifths of the single curves. */
  low: z.array(z.number()),
  high: z.array(z.number()),
  /** Some single curves: one sample each. */
  curves: z.array(z.array(z.number())),
  /** Samples nearest to each grid value: where there are none, the curve is the model's guess about what never happened. */
  counts: z.array(z.int()),
})
export type Dependence = z.infer<typeof dependence>

export const dependences = z.strictObject({
  output: z.string().nullable(),
  unit: attributionUnit,
  rows: z.int(),
  askedRows: z.int(),
  columns: z.array(dependence),
})
export type Dependences = z.infer<typeof dependences>

/** Whether the predictions still rest on what they rested on: the ranking of columns by mean size of contribution, against the reference. */
export const attributionDrift = z.strictObject({
  /** 1: the same ranking. Discounted gain of the ranking now, by the sizes in the reference. */
  ndcg: estimate,
  /** From which value down it matters. */
  threshold: z.number(),
  /** Of shuffling samples between reference and window. */
  pValue: z.number(),
  status,
  sentence: z.string(),
  /** In the order of the reference. */
  columns: z.array(
    z.strictObject({
      column: z.string(),
      reference: estimate,
      current: estimate,
      placeBefore: z.int(),
      placeNow: z.int(),
    }),
  ),
})
export type AttributionDrift = z.infer<typeof attributionDrift>

/** What sets one sample apart: a column and its part of the distance. */
const envelopeReason = z.strictObject({ column: z.string(), value: inputValue, part: z.number() })

/** Whether one sample lies within what the reference shows. */
export const sampleEnvelope = z.strictObject({
  distance: z.number(),
  /** Share of reference rows, kept apart for this, that lie as far out or further. */
  pValue: z.number(),
  referenceRows: z.int(),
  holdoutRows: z.int(),
  reasons: z.array(envelopeReason),
  sentence: z.string(),
})
export type SampleEnvelope = z.infer<typeof sampleEnvelope>

/** How many samples of a window lie outside of what the reference shows. */
export const envelopeSummary = z.strictObject({
  /** Samples whose p-value is at most this are outside; so many of the reference are. */
  level: z.number(),
  share: estimate,
  /** Share from which it matters. */
  threshold: z.number(),
  /** Of so many or more, were the window like the reference. */
  pValue: z.number(),
  status,
  referenceRows: z.int(),
  holdoutRows: z.int(),
  columns: z.array(z.string()),
  sentence: z.string(),
  /** The furthest, furthest first. */
  furthest: z.array(
    z.strictObject({
      id: z.string().nullable(),
      pValue: z.number(),
      distance: z.number(),
      reasons: z.array(envelopeReason),
    }),
  ),
})
export type EnvelopeSummary = z.infer<typeof envelopeSummary>

/** Which drifts go with a fall in performance, over spans of the window. */
export const driftDrivers = z.strictObject({
  spanMs: z.int(),
  spans: z.int(),
  /** What falls: accuracy, or the negative mean absolute error of a regression. */
  metric: z.string(),
  sentence: z.string(),
  /** Strongest first. Rank correlation of drift with the fall: 1 when performance is lowest where the column has moved most. */
  columns: z.array(
    z.strictObject({
      column: z.string(),
      correlation: estimate,
      pValue: z.number().nullable(),
      adjustedPValue: z.number().nullable(),
    }),
  ),
})
export type DriftDrivers = z.infer<typeof driftDrivers>

/** What the report on a window may say beyond importance. */
export const explanationParts = {
  /** Contributions of the columns to single predictions, over samples. Without a model that can be asked there are none. */
  attribution: globalAttribution.optional(),
  dependence: dependences.optional(),
  attributionDrift: attributionDrift.optional(),
  envelope: envelopeSummary.optional(),
  drivers: driftDrivers.optional(),
  /** What of the above could not be said, and why. */
  remarks: z.array(z.string()).optional(),
}

export const sampleContributions = z.strictObject({
  kind: z.literal('contributions'),
  ...attributionFacts.shape,
  /** Class whose score is explained; null for regressions. */
  output: z.string().nullable(),
  base: z.number(),
  /** base + Σ contributions */
  value: z.number(),
  /** Largest size first. */
  contributions: z.array(
    z.strictObject({ column: z.string(), value: inputValue, contribution: z.number(), sentence: z.string() }),
  ),
})
export type SampleContributions = z.infer<typeof sampleContributions>

export const sampleCounterfactuals = z.strictObject({
  kind: z.literal('counterfactuals'),
  /** What it predicted, and what would have been predicted otherwise. */
  prediction: z.string(),
  askedRows: z.int(),
  budgetRows: z.int(),
  sentence: z.string(),
  /** The smallest change first. */
  found: z.array(
    z.strictObject({
      prediction: z.string(),
      /** Score of the new prediction; null where the model gives none. */
      score: z.number().nullable(),
      /** Sum over columns: steps in robust spreads of the reference, 1 for another category. */
      distance: z.number(),
      changes: z.array(z.strictObject({ column: z.string(), from: inputValue, to: inputValue })),
      sentence: z.string(),
    }),
  ),
})
export type SampleCounterfactuals = z.infer<typeof sampleCounterfactuals>

export const sampleOcclusion = z.strictObject({
  kind: z.literal('occlusion'),
  column: z.string(),
  /** Class whose score is followed. */
  output: z.string(),
  /** Its score for the whole picture. */
  score: z.number(),
  columns: z.int(),
  rows: z.int(),
  /** Row by row: what the score loses while a patch around this cell is covered; negative where it gains. */
  losses: z.array(z.number()),
  askedRows: z.int(),
  budgetRows: z.int(),
  sentence: z.string(),
})
export type SampleOcclusion = z.infer<typeof sampleOcclusion>

export const sampleExplanation = z.discriminatedUnion('kind', [
  sampleContributions,
  sampleCounterfactuals,
  sampleOcclusion,
])
export type SampleExplanation = z.infer<typeof sampleExplanation>
/** What can be asked about one prediction. */
export const explanationKind = z.enum(['contributions', 'counterfactuals', 'occlusion'])
export type ExplanationKind = z.infer<typeof explanationKind>
export const explanationJob = z.strictObject({ jobId: recordId('job') })
