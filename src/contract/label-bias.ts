import { z } from 'zod'
import { estimate, headline, status } from './primitives.ts'

/* What labels of a dataset prefer, before anything is trained on them. */

const groupValues = z.record(z.string(), z.string())

/** What can be set; every field has a default. */
export const labelBiasParameters = z.strictObject({
  /** Columns by whose values rows are grouped, together when several; empty: classes alone are looked at. */
  groupColumns: z.array(z.string()).max(5).default([]),
  /** Columns within whose levels groups are compared as well. */
  controlColumns: z.array(z.string()).max(5).default([]),
  /** Share that each class should have; null: none was declared. */
  targetShares: z.record(z.string(), z.number().min(0).max(1)).nullable().default(null),
  confidence: z.number().min(0.5).max(0.999).default(0.95),
  alpha: z.number().positive().max(0.5).default(0.05),
  resamples: z.int().min(50).max(10_000).default(500),
  seed: z.int().min(0).max(4_294_967_295).default(1),
  /** Smaller groups are shown, not judged. */
  minimumGroupSize: z.int().min(1).max(1_000_000).default(30),
  /** Difference of shares, or disparity, that matters. */
  maxDifference: z.number().min(0).max(1).default(0.1),
  maxGroups: z.int().min(2).max(1000).default(100),
})
export type LabelBiasParameters = z.infer<typeof labelBiasParameters>

export const labelBias = z.strictObject({
  headline,
  /** Rows with a label. */
  n: z.int(),
  unlabelled: z.int(),
  classes: z.array(
    z.strictObject({
      className: z.string(),
      share: estimate,
      target: z.number().nullable(),
      /** Share less target; null where none was declared. */
      difference: estimate.nullable(),
      /** Exact binomial test against the target, after Benjamini–Hochberg. */
      adjustedPValue: z.number().nullable(),
      status,
    }),
  ),
  /** Rows of the largest class for each of the smallest, and how even the classes are: 1 for all alike, 0 for one alone. */
  imbalance: z.strictObject({ ratio: z.number().nullable(), evenness: z.number().nullable() }),
  groupColumns: z.array(z.string()),
  controlColumns: z.array(z.string()),
  groups: z.array(
    z.strictObject({
      group: groupValues,
      n: z.int(),
      /** Share of all rows. */
      share: estimate,
      /** Rows over those of the largest group, less one, over the sum: 0 as many, −1 none. */
      imbalance: z.number(),
      status,
    }),
  ),
  /** By class: share of its label in each group, in the order of `groups`, and what sets groups apart. */
  labels: z.array(
    z.strictObject({
      className: z.string(),
      byGroup: z.array(estimate),
      /** Largest difference of the share between two judged groups. */
      difference: estimate,
      higher: groupValues.nullable(),
      lower: groupValues.nullable(),
      /** Demographic disparity by group: its share of the rows without this label less its share of those with it. */
      disparity: z.array(estimate),
      /** The same within the levels of the control columns, weighted by their rows; null without control columns. */
      conditionalDisparity: z.array(estimate).nullable(),
      status,
    }),
  ),
})
export type LabelBias = z.infer<typeof labelBias>
