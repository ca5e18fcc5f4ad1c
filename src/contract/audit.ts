import { z } from 'zod'
import { instant, json, sha256 } from './primitives.ts'

/** What a change to a record was, by digests of its canonical JSON; null before creation. */
export const recordChange = z.strictObject({
  kind: z.string(),
  id: z.string(),
  revision: z.int(),
  before: sha256.nullable(),
  after: sha256,
})

/** What a command wants recorded; the store adds index, instant and changes, and hashes it. */
export const auditDraft = z.strictObject({
  at: instant,
  actor: z.strictObject({ id: z.string().nullable(), name: z.string(), roles: z.array(z.string()) }),
  /** The command's name, or `system.<what>`. */
  action: z.string().min(1).max(100),
  subject: z.strictObject({ kind: z.string(), id: z.string(), name: z.string() }).nullable(),
  reason: z.string().nullable(),
  details: z.record(z.string(), json),
})
export type AuditDraft = z.infer<typeof auditDraft>

export const auditEntry = z.strictObject({ index: z.int().min(0), ...auditDraft.shape, changes: z.array(recordChange) })
export type AuditEntry = z.infer<typeof auditEntry>

export const auditReceipt = z.strictObject({ index: z.int(), leafHash: sha256 })
export type AuditReceipt = z.infer<typeof auditReceipt>

/** Signed commitment to the whole log at a size, as checkpoint text with its signature lines. */
export const checkpoint = z.strictObject({ size: z.int().min(0), rootHash: sha256, at: instant, note: z.string() })
export type Checkpoint = z.infer<typeof checkpoint>
