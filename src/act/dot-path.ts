import type { Json } from '../contract/primitives.ts'

/**
 * The value at a path like `data.runs.0.state`: own fields of objects, positions in lists. An empty path is the value itself;
 * undefined where it leads nowhere.
 */
export function valueAt(value: Json, path: string): Json | undefined {
  let here: Json | undefined = value
  for (const step of path === '' ? [] : path.split('.')) {
    if (Array.isArray(here)) here = /^\d{1,9}$/.test(step) ? here[Number(step)] : undefined
    else if (typeof here === 'object' && here !== null && Object.hasOwn(here, step)) here = here[step]
    else return undefined
  }
  return here
}

/** Nesting of a value, stopping at the first branch deeper than `limit`. */
export function isDeeperThan(value: Json, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (limit <= 0) return true
  return Object.values(value).some((item) => isDeeperThan(item, limit - 1))
}
