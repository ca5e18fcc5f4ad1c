import { z } from 'zod'

/** One device channel made of scraped series. */
export const scrapePick = z.strictObject({
  channel: z.string().min(1).max(100),
  /** Name of the metric; with `as: 'mean'` that of the histogram or summary, without `_sum` and `_count`. */
  metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/, { error: 'a metric’s name, such as node_load1' }),
  /** Labels that a series must have; other labels are free. A value may end with `*`. */
  labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,99}$/), z.string().max(500)).default({}),
  /** `rate`: rise a second of a counter. `mean`: rise of `<metric>_sum` by rise of `<metric>_count`, e.g. seconds a request. */
  as: z.enum(['value', 'rate', 'mean']).default('value'),
  /** Where several series match. */
  combine: z.enum(['sum', 'mean', 'max']).default('sum'),
  /** The channel is `factor * x + offset`. */
  factor: z.number().default(1),
  offset: z.number().default(0),
})
export type ScrapePick = z.infer<typeof scrapePick>
