import { z } from 'zod'
import { estimate, interval, windowSchema } from './primitives.ts'

/* Parts of a performance report beyond its metrics. */

/** One bin of the reliability curve: mean score against the share that came true. */
export const calibrationBin = z.strictObject({
  from: z.number(),
  to: z.number(),
  n: z.int(),
  meanScore: z.number(),
  observed: z.number(),
  /** Of the observed share. */
  interval: interval.optional(),
})

/** What the highest-scored share of rows holds: all positives caught by taking the first tenth? */
export const gainPoint = z.strictObject({
  /** Share of all labelled rows, from the highest score down. */
  share: z.number(),
  /** Share of the positives among them. */
  captured: estimate,
  /** How many times the share of positives expected of as many rows at random. */
  lift: estimate,
})

/** Wrong answers and their cost at each threshold of the score; positive is called from `threshold` up. */
export const thresholdSweep = z.strictObject({
  /** Cost of one wrong answer of either kind, in any unit; a right one costs nothing. */
  costs: z.strictObject({ falsePositive: z.number(), falseNegative: z.number() }),
  points: z.array(
    z.strictObject({
      threshold: z.number(),
      truePositives: z.int(),
      falsePositives: z.int(),
      trueNegatives: z.int(),
      falseNegatives: z.int(),
      /** Mean a sample. */
      cost: z.number(),
    }),
  ),
  /** Where cost is least, with the thresholds that the rows cannot tell from it; no value where calling nothing positive is cheapest. */
  best: estimate,
  /** Mean cost a sample there, corrected for having been picked on these rows. */
  bestCost: estimate,
  /** Mean cost a sample of the predictions as they were made. */
  currentCost: estimate,
})
export type ThresholdSweep = z.infer<typeof thresholdSweep>

/** One past estimate beside what the labels that came since say. */
export const ledgerEntry = z.strictObject({
  window: windowSchema,
  estimated: estimate,
  realised: estimate,
  /** The two lie within their joint margin, or closer than anybody cares about. */
  agrees: z.boolean(),
})
export type LedgerEntry = z.infer<typeof ledgerEntry>

/** Performance of samples that need no labels, and how far such estimates have been right. */
export const estimatedPerformance = z.strictObject({
  /** `cbpe`: from calibrated probabilities. `direct-loss`: from a tree that tells how large errors are where. */
  method: z.enum(['cbpe', 'direct-loss']),
  /** What it rests on, and what it cannot see, in one sentence. */
  note: z.string(),
  /** `accuracy` or `mae`: what the ledger scores. */
  leading: z.string(),
  metrics: z.record(z.string(), estimate),
  ledger: z.strictObject({
    scored: z.int(),
    agreed: z.int(),
    /** Mean of estimated − realised. */
    bias: estimate,
    entries: z.array(ledgerEntry),
  }),
  isSuspended: z.boolean(),
  /** Why it is suspended. */
  reason: z.string().nullable(),
})
export type EstimatedPerformance = z.infer<typeof estimatedPerformance>

/** How lists were ranked; the metrics beside it are means over queries. */
export const rankedLists = z.strictObject({
  queryColumn: z.string(),
  k: z.array(z.int()),
  queries: z.int(),
  /** Lists in which nothing is relevant: NDCG, recall and reciprocal rank say nothing of them. */
  withoutRelevant: z.int(),
  /** Rows without a query, a score or a relevance of 0 or more. */
  leftOut: z.int(),
  /** Lists ranked worst, by NDCG at the first k. */
  worst: z.array(z.strictObject({ query: z.string(), items: z.int(), relevant: z.int(), ndcg: z.number() })),
})
export type RankedLists = z.infer<typeof rankedLists>

/** Accuracy from few labels drawn at random, with the scores of all samples to help. */
export const fewLabels = z.strictObject({
  metric: z.literal('accuracy'),
  /** From the labels alone. */
  classical: estimate,
  powered: estimate,
  unlabelled: z.int(),
  isNarrower: z.boolean(),
})
