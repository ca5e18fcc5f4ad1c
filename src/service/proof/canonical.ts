import canonicalize from 'canonicalize'

/** Deep enough for any record of ours; a hostile file must not exhaust the stack. */
const maxDepth = 100

/** Thrown for a value that has no single canonical form; names where in the value, and why. */
export class CanonicalFormError extends Error {
  readonly path: string
  readonly reason: string

  constructor({ path, reason }: Objection) {
    super(`No canonical form: ${path} ${reason}`)
    this.name = 'CanonicalFormError'
    this.path = path
    this.reason = reason
  }
}

export type Objection = { path: string; reason: string }

/**
 * The first thing in a value that JSON would drop, change or refuse; undefined when all of it is plain JSON. `path` is
 * written as `$.a[0]["b c"]`.
 */
export function findObjection(value: unknown): Objection | undefined {
  return inspect(value, '$', [])
}

/**
 * Canonical JSON (RFC 8785) as text. Throws a CanonicalFormError for whatever is not plain JSON, rather than dropping
 * or converting it: undefined, functions, symbols, big integers, dates and other objects with a class, NaN, infinities,
 * lone surrogates, holes, cycles, more than 100 levels.
 */
export function canonicalText(value: unknown): string {
  const objection = findObjection(value)
  if (objection !== undefined) throw new CanonicalFormError(objection)
  return canonicalize(value) as string
}

/** Canonical JSON (RFC 8785) as UTF-8 bytes: what is hashed into the log. Throws as `canonicalText`. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalText(value))
}

function inspect(value: unknown, path: string, ancestors: readonly object[]): Objection | undefined {
  switch (typeof value) {
    case 'boolean':
      return undefined
    case 'string':
      return value.isWellFormed() ? undefined : { path, reason: 'holds a lone surrogate' }
    case 'number':
      return Number.isFinite(value) ? undefined : { path, reason: `is ${value}` }
    case 'object':
      return value === null ? undefined : inspectObject(value, path, ancestors)
    case 'undefined':
      return { path, reason: 'is undefined' }
    default:
      return { path, reason: `is a ${typeof value}` }
  }
}

function inspectObject(value: object, path: string, ancestors: readonly object[]): Objection | undefined {
  if (ancestors.includes(value)) return { path, reason: 'refers back to an object that contains it' }
  if (ancestors.length >= maxDepth) return { path, reason: `is nested deeper than ${maxDepth} levels` }
  const inside = [...ancestors, value]
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) {
      const objection = inspect(value[at], `${path}[${at}]`, inside)
      if (objection !== undefined) return objection
    }
    return undefined
  }
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    return { path, reason: `is a ${value.constructor?.name || 'class'} object, not a plain one` }
  }
  if (Object.getOwnPropertySymbols(value).length > 0) return { path, reason: 'has a symbol for a key' }
  for (const [key, member] of Object.entries(value)) {
    const memberPath = /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
    if (!key.isWellFormed()) return { path: memberPath, reason: 'has a lone surrogate in its key' }
    const objection = inspect(member, memberPath, inside)
    if (objection !== undefined) return objection
  }
  return undefined
}
