import type { Json } from '../contract/primitives.ts'
import type { Caller } from '../contract/user.ts'

/** Stands wherever something secret was. */
export const masked = '[not recorded]'

/** Who acts when nobody asked: schedules, retention, recovery after a crash. */
export const systemCaller: Caller = { userId: null, name: 'Assay', roles: [] }

/** The same value without user and password of the addresses in its texts, however deep: the log is for ever, and read by many. */
export function maskAddresses<T extends Json>(value: T): T
export function maskAddresses(value: Json): Json {
  if (typeof value === 'string') return value.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, `$1${masked}@`)
  if (Array.isArray(value)) return value.map((item) => maskAddresses(item))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskAddresses(item)]))
}
