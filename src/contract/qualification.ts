import { z } from 'zod'
import { instant } from './primitives.ts'

/*
 * Self-qualification: the installed engine answers questions whose answers are known, and its tests and intervals are held to
 * what they promise by simulation. The result stands beside the numbers that the engine gives.
 */

export const qualificationGroup = z.enum(['known-answer', 'null-calibration', 'coverage'])
export type QualificationGroup = z.infer<typeof qualificationGroup>

export const qualificationCase = z.strictObject({
  group: qualificationGroup,
  /** What it qualifies: a measure, a test, an interval. */
  subject: z.string(),
  /** The question: which numbers, or which sizes of samples. */
  name: z.string(),
  expected: z.number(),
  /** Null where the engine gave no number. */
  got: z.number().nullable(),
  /** The case passes when the number lies here, ends included. */
  low: z.number(),
  high: z.number(),
  isPassed: z.boolean(),
  /** Where the expectation comes from: a closed form, a published table; or how many draws the simulation made. */
  source: z.string(),
})
export type QualificationCase = z.infer<typeof qualificationCase>

/** What reports and exports carry. */
export const qualificationStamp = z.strictObject({
  engine: z.string(),
  at: instant,
  /** Processor, system and runtime that it was done on. */
  machine: z.string(),
  passed: z.int().min(0),
  total: z.int().min(1),
  /** All cases passed. */
  isQualified: z.boolean(),
})
export type QualificationStamp = z.infer<typeof qualificationStamp>

export const qualification = qualificationStamp.extend({
  cases: z.array(qualificationCase),
})
export type Qualification = z.infer<typeof qualification>

const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** The stamp in words, for the engine whose numbers stand beside it; another engine's stamp says nothing of them. */
export function describeQualification(engine: string, stamp: QualificationStamp | null): string {
  if (stamp === null || stamp.engine !== engine)
    return `engine ${engine}, not qualified: no cases have been run with it`
  const cases = `${stamp.passed} of ${stamp.total} cases`
  return stamp.isQualified
    ? `engine ${engine}, qualified ${minute(stamp.at)}: ${cases}`
    : `engine ${engine}, not qualified: ${cases} passed ${minute(stamp.at)}`
}
