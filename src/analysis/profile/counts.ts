/**
 * Records of counts whose keys come from outside: a category may be called `constructor` or `__proto__`, so every
 * access asks for own properties only.
 */

/** Most keys that one record of counts may hold. */
export const maxKeys = 1000

/** Own member of a record, or undefined. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/** Sets an own member, whatever its name. */
export function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true })
  } else record[key] = value
}

/** Adds `by` to an unbounded record of counts. */
export function countUp(counts: Record<string, number>, key: string, by: number): void {
  setOwn(counts, key, (own(counts, key) ?? 0) + by)
}

/** Sums two unbounded records of counts. */
export function sumCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = {}
  for (const key of Object.keys(a)) countUp(sum, key, a[key])
  for (const key of Object.keys(b)) countUp(sum, key, b[key])
  return sum
}

/**
 * Keeps a record to the `maxKeys` keys that come first by name. Of any stream of keys those are the same whatever the
 * order, and a key that belongs to them is never turned away, so its count is exact: this makes merging associative.
 * Remembers each full record's last key, so that turning a key away costs no search.
 */
export function makeKeyLimit() {
  const lastKeys = new WeakMap<object, string>()

  function lastKeyOf(record: object): string {
    const known = lastKeys.get(record)
    if (known !== undefined) return known
    let last = ''
    for (const key of Object.keys(record)) if (key > last) last = key
    lastKeys.set(record, last)
    return last
  }

  /** Makes room for a key that the record lacks. Undefined: turned away; otherwise the members put out (none or one). */
  function admit<T>(record: Record<string, T>, key: string, size: number): { evicted: T | undefined } | undefined {
    if (size < maxKeys) return { evicted: undefined }
    const last = lastKeyOf(record)
    if (key > last) return undefined
    const evicted = record[last]
    delete record[last]
    lastKeys.delete(record)
    return { evicted }
  }

  return { admit }
}
export type KeyLimit = ReturnType<typeof makeKeyLimit>
