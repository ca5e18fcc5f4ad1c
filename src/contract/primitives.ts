import { z } from 'zod'

/** Instant of event or processing time: UTC epoch milliseconds, between 1970 and the year 9999. */
export const instant = z.int().min(0).max(253_402_300_799_999)

/** Identifier of a record: a short prefix that says the kind, an underscore, and a time-ordered unique part. */
export const recordId = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[0-9A-Za-z-]{1,60}$`), { error: `expected an identifier like ${prefix}_…` })

/** Name by which the outside world addresses a deployment, device or model: safe in topics, URLs and file names. */
export const key = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
  error: 'expected 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit',
})

/** Text that a person reads: trimmed, not empty. */
export const title = z.string().trim().min(1).max(200)
export const prose = z.string().trim().max(4000)
/** Why somebody did something; never empty, because auditors read it. */
export const reason = z.string().trim().min(3, { error: 'a reason of at least 3 characters is needed' }).max(4000)

/** Name under which a secret is kept by the secret store; the secret itself is never in the database. */
export const secretName = z.string().min(1).max(200)

/** SHA-256 in lower-case hexadecimal. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Half-open span of event time `[from, to)`. */
export const windowSchema = z
  .strictObject({ from: instant, to: instant })
  .refine((span) => span.from < span.to, { error: 'a window must end after it begins' })
export type Window = z.infer<typeof windowSchema>

/** Any JSON value; depth and size are limited where it enters. */
export const json = z.json()
export type Json = z.infer<typeof json>

/** A monitor's verdict; `insufficient` instead of a guess when n is too small. */
export const status = z.enum(['ok', 'warning', 'breach', 'insufficient'])
export type Status = z.infer<typeof status>

export const interval = z.tuple([z.number(), z.number()])

/** A number with what is needed to trust it. `value` is null when it cannot be computed; `note` then says why. */
export const estimate = z.strictObject({
  value: z.number().nullable(),
  n: z.int().min(0),
  /** Two-sided confidence interval at `confidence`, null where none is defined. */
  interval: interval.nullable(),
  note: z.string().optional(),
})
export type Estimate = z.infer<typeof estimate>

/** One sentence that answers a page's question, computed from findings. */
export const headline = z.strictObject({ status: z.enum([...status.options, 'unknown']), text: z.string() })
export type Headline = z.infer<typeof headline>

/** Page of a list: `cursor` continues where the last page ended. */
export const pageRequest = z.strictObject({
  limit: z.int().min(1).max(1000).default(100),
  cursor: z.string().max(200).nullable().default(null),
})
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), nextCursor: z.string().nullable(), total: z.int().nullable() })

/** Lets a long computation be stopped without knowing where it runs; an AbortSignal fits. */
export interface Cancellation {
  readonly aborted: boolean
}
