import type { AuditDraft } from '../contract/audit.ts'
import type { Json } from '../contract/primitives.ts'
import type { Caller } from '../contract/user.ts'
import { shorten } from './format.ts'

/** Stands wherever something secret was. */
export const masked = '[not recorded]'

const secretField =
  /pass(word|phrase|wd)|secret|token|api-?_?key|private-?_?key|encrypted-?_?key|credential|authori[sz]ation|cookie|^pin$|base64|^signature$/i
/** A digest of a secret is no secret, and says which one it was. */
const digestField = /digest$/i

const maxText = 4000
const maxItems = 100
const maxDepth = 8

const maskUrlPassword = (text: string) => text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${masked}@`)

/**
 * A copy fit for the log: values of fields named like secrets are replaced whole, however deep (a `signature` input holds a
 * password), user and password in URLs too; long texts and lists are cut and say so; what JSON cannot hold becomes null.
 */
export function maskSecrets(value: unknown, depth = 0): Json {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value === 'string') return shorten(maskUrlPassword(value).toWellFormed(), maxText)
  if (typeof value !== 'object') return null
  if (depth >= maxDepth) return '[too deep to record]'
  if (Array.isArray(value)) {
    const items: Json[] = value.slice(0, maxItems).map((item) => maskSecrets(item, depth + 1))
    if (value.length > maxItems) items.push(`[${value.length - maxItems} more]`)
    return items
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  const kept = entries.slice(0, maxItems).map(([name, item]): [string, Json] => {
    const isSecret = secretField.test(name) && !digestField.test(name) && item !== null
    return [name.toWellFormed(), isSecret ? masked : maskSecrets(item, depth + 1)]
  })
  if (entries.length > maxItems) kept.push(['…', `[${entries.length - maxItems} more]`])
  return Object.fromEntries(kept)
}

/** Who acts when nobody asked: schedules, retention, recovery after a crash. */
export const systemCaller: Caller = { userId: null, name: 'Assay', roles: [] }

/** Builds what a command leaves in the log. `details` is usually its input; secrets in it are masked. */
export function buildAuditDraft(input: {
  readonly at: number
  readonly caller: Caller
  /** The command's name, or `system.<what>`. */
  readonly command: string
  readonly subject: AuditDraft['subject']
  readonly reason: string | null
  readonly details?: Readonly<Record<string, unknown>>
}): AuditDraft {
  const details = maskSecrets(input.details ?? {})
  return {
    at: input.at,
    actor: { id: input.caller.userId, name: input.caller.name, roles: [...input.caller.roles] },
    action: input.command,
    subject: input.subject,
    reason: input.reason === null ? null : maskUrlPassword(input.reason).toWellFormed(),
    details: details as Record<string, Json>,
  }
}
