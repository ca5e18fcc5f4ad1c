import { z } from 'zod'
import { estimate, status } from './primitives.ts'

/** What a row must meet to be in a slice. A missing value meets only `missing` and `not in`. */
export const sliceCondition = z.strictObject({
  column: z.string(),
  operator: z.enum(['<=', '>', 'in', 'not in', 'missing']),
  value: z.union([z.number(), z.array(z.string())]).nullable(),
})
export type SliceCondition = z.infer<typeof sliceCondition>

/** One value, or span of values, of a column of a heat map. */
const heatLevel = z.strictObject({
  name: z.string(),
  /** What a row must meet to lie here; null where that cannot be said in conditions. */
  conditions: z.array(sliceCondition).nullable(),
})

/** Error rate by the values of two columns. */
export const heatMap = z.strictObject({
  rowColumn: z.string(),
  columnColumn: z.string(),
  rows: z.array(heatLevel),
  columns: z.array(heatLevel),
  n: z.int(),
  overall: estimate,
  /** Only those in which there are rows. */
  cells: z.array(
    z.strictObject({
      /** Places in `rows` and `columns`. */
      row: z.int(),
      column: z.int(),
      n: z.int(),
      errors: z.int(),
      errorRate: estimate,
      /** Fisher's exact test against all other rows, after Holm over the cells that have enough rows; null where not tested. */
      adjustedPValue: z.number().nullable(),
      /** `warning`: worse than the rest, after correction; `insufficient`: too few rows. */
      status,
    }),
  ),
  /** Why there is no map; null where there is one. */
  reason: z.string().nullable(),
})
export type HeatMap = z.infer<typeof heatMap>

/** A saved slice as an answer about errors finds it. */
export const cohortErrors = z.strictObject({
  id: z.string(),
  name: z.string(),
  conditions: z.array(sliceCondition),
  n: z.int(),
  errors: z.int(),
  errorRate: estimate,
  /** Error rate of all other rows. */
  rest: estimate,
  status,
})
export type CohortErrors = z.infer<typeof cohortErrors>
