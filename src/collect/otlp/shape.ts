import { z } from 'zod'

/* OTLP metrics as its JSON mapping writes them: 64-bit integers as texts, enumerations as numbers or names. */

const int64 = z.union([z.int(), z.string().regex(/^-?\d{1,20}$/)])
const double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
const nanoseconds = z.union([z.int().min(0), z.string().regex(/^\d{1,20}$/)])

const attribute = z.looseObject({
  key: z.string().min(1).max(200),
  value: z
    .looseObject({
      stringValue: z.string().max(1000).optional(),
      boolValue: z.boolean().optional(),
      intValue: int64.optional(),
      doubleValue: double.optional(),
    })
    .optional(),
})
export type Attribute = z.infer<typeof attribute>
const attributes = z.array(attribute).max(128).default([])

const timed = {
  attributes,
  startTimeUnixNano: nanoseconds.optional(),
  timeUnixNano: nanoseconds,
  /** Bit 0: there is no value. */
  flags: z.int().optional(),
}
const temporality = z
  .union([
    z.literal([1, 2]),
    z
      .enum(['AGGREGATION_TEMPORALITY_DELTA', 'AGGREGATION_TEMPORALITY_CUMULATIVE'])
      .transform((name) => (name.endsWith('DELTA') ? (1 as const) : (2 as const))),
  ])
  .optional()

const numberPoint = z.looseObject({ ...timed, asDouble: double.optional(), asInt: int64.optional() })
const histogramPoint = z.looseObject({ ...timed, count: int64, sum: double.optional() })
const summaryPoint = z.looseObject({
  ...timed,
  quantileValues: z
    .array(z.looseObject({ quantile: z.number().default(0), value: double.default(0) }))
    .max(100)
    .default([]),
})
const points = <T extends z.ZodType>(point: T) => z.array(point).max(50_000).default([])

/** One metric; exactly one of its kinds is there. */
export const otlpMetric = z.looseObject({
  name: z.string().min(1).max(255),
  gauge: z.looseObject({ dataPoints: points(numberPoint) }).optional(),
  sum: z
    .looseObject({
      dataPoints: points(numberPoint),
      aggregationTemporality: temporality,
      isMonotonic: z.boolean().default(false),
    })
    .optional(),
  histogram: z.looseObject({ dataPoints: points(histogramPoint), aggregationTemporality: temporality }).optional(),
  exponentialHistogram: z
    .looseObject({ dataPoints: points(histogramPoint), aggregationTemporality: temporality })
    .optional(),
  summary: z.looseObject({ dataPoints: points(summaryPoint) }).optional(),
})
export type OtlpMetric = z.infer<typeof otlpMetric>
export type NumberPoint = z.infer<typeof numberPoint>
export type HistogramPoint = z.infer<typeof histogramPoint>

/** A whole request; metrics are checked one by one, so that a bad one costs nothing else. */
export const otlpRequest = z.looseObject({
  resourceMetrics: z
    .array(
      z.looseObject({
        resource: z.looseObject({ attributes }).optional(),
        scopeMetrics: z
          .array(z.looseObject({ metrics: z.array(z.unknown()).max(20_000).default([]) }))
          .max(1000)
          .default([]),
      }),
    )
    .max(1000)
    .default([]),
})
