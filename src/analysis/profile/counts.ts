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

/** What admitting a key came to: the member put out for it, if any. */
export interface Admission<T> {
  readonly evicted: { readonly key: string; readonly member: T } | null
}

/**
 * Keeps a record to the `most` (by default `maxKeys`) keys that come first by name. Of any stream of keys those are the same whatever the
 * order, and a key that belongs to them is never turned away, so its count is exact: this makes merging associative.
 * Remembers the size of each record and the last key of a full one, so that turning a key away costs no search; only through it may
 * a record grow.
 */
export function makeKeyLimit() {
  const lastKeys = new WeakMap<object, string>()
  const sizes = new WeakMap<object, number>()

  function lastKeyOf(record: object): string {
    const known = lastKeys.get(record)
    if (known !== undefined) return known
    let last = ''
    for (const key of Object.keys(record)) if (key > last) last = key
    lastKeys.set(record, last)
    return last
  }

  /** Makes room for a key that the record lacks and the caller sets at once. Null: turned away. */
  function admit<T>(record: Record<string, T>, key: string, most = maxKeys): Admission<T> | null {
    const size = sizes.get(record) ?? Object.keys(record).length
    if (size < most) {
      sizes.set(record, size + 1)
      return { evicted: null }
    }
    const last = lastKeyOf(record)
    if (key > last) return null
    const member = record[last]
    delete record[last]
    lastKeys.delete(record)
    return { evicted: { key: last, member } }
  }

  return { admit }
}
export type KeyLimit = ReturnType<typeof makeKeyLimit>
