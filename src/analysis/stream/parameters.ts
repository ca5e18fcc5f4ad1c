import { z } from 'zod'

/** Names of the detectors, as they are asked for. */
export const detectorName = z.enum([
  'adwin',
  'pageHinkley',
  'kswin',
  'ddm',
  'eddm',
  'hddmA',
  'hddmW',
  'cusum',
  'ewma',
  'sequentialMean',
  'sequentialRanks',
])
export type DetectorName = z.infer<typeof detectorName>

const positive = z.number().positive()
const probability = z.number().gt(0).lt(1)
const count = z.int().min(1).max(1_000_000)

/** What can be set for a stream; every field has a default, that of the source named beside each detector. */
export const parametersOfStream = z.strictObject({
  /** Values at the start from which the charts take centre and deviation, unless these are given. */
  warmUp: z.int().min(10).max(1_000_000).default(100),
  centre: z.number().nullable().default(null),
  deviation: positive.nullable().default(null),
  /** Where random numbers start (KSWIN's draws, ties of ranks). */
  seed: z.int().min(0).max(4_294_967_295).default(1),
  adwin: z.strictObject({ delta: probability.default(0.002), clock: count.default(32) }).prefault({}),
  pageHinkley: z
    .strictObject({
      threshold: positive.default(50),
      delta: z.number().min(0).default(0.005),
      mode: z.enum(['up', 'down', 'both']).default('both'),
    })
    .prefault({}),
  kswin: z
    .strictObject({
      alpha: probability.default(0.005),
      windowSize: z.int().min(10).max(10_000).default(100),
      recentSize: z.int().min(2).max(5000).default(30),
    })
    .prefault({})
    .refine(({ windowSize, recentSize }) => 2 * recentSize <= windowSize, {
      error: 'recentSize must be at most half of windowSize',
    }),
  ddm: z
    .strictObject({ warmUp: count.default(30), warningLevel: positive.default(2), driftLevel: positive.default(3) })
    .prefault({}),
  eddm: z
    .strictObject({
      warmUp: count.default(30),
      warningShare: positive.default(0.95),
      driftShare: positive.default(0.9),
    })
    .prefault({})
    .refine(({ warningShare, driftShare }) => warningShare >= driftShare, {
      error: 'warningShare must be at least driftShare',
    }),
  hddm: z
    .strictObject({
      driftAlpha: probability.default(0.001),
      warningAlpha: probability.default(0.005),
      weight: probability.default(0.05),
      isTwoSided: z.boolean().default(false),
    })
    .prefault({})
    .refine(({ driftAlpha, warningAlpha }) => driftAlpha <= warningAlpha, {
      error: 'driftAlpha must be at most warningAlpha',
    }),
  cusum: z.strictObject({ slack: z.number().min(0).default(0.5), limit: positive.default(4.77) }).prefault({}),
  ewma: z.strictObject({ weight: z.number().gt(0).max(1).default(0.2), width: positive.default(2.962) }).prefault({}),
  sequentialMean: z
    .strictObject({
      /** The mean that is tolerated; null: the detector is not asked. */
      limit: z.number().nullable().default(null),
      low: z.number().default(0),
      high: z.number().default(1),
      side: z.enum(['above', 'below']).default('above'),
      alpha: probability.default(0.05),
    })
    .prefault({})
    .refine(({ limit, low, high }) => limit === null || (low < limit && limit < high), {
      error: 'limit must lie between low and high',
    }),
  sequentialRanks: z.strictObject({ alpha: probability.default(0.05) }).prefault({}),
})
export type StreamParameters = z.infer<typeof parametersOfStream>
