/**
 * The value at a dot path: own members of objects, positions in lists, `*` for every element of a list (`results.*.label`). An
 * empty path is the value itself; undefined where it leads nowhere, for an element of a list too.
 */
export function pick(value: unknown, path: string): unknown {
  return follow(value, path === '' ? [] : path.split('.'))
}

function follow(value: unknown, steps: readonly string[]): unknown {
  if (steps.length === 0) return value
  const [step, ...rest] = steps
  if (Array.isArray(value)) {
    if (step === '*') return value.map((item) => follow(item, rest))
    return /^\d{1,9}$/.test(step) ? follow(value[Number(step)], rest) : undefined
  }
  const isOwn = typeof value === 'object' && value !== null && Object.hasOwn(value, step)
  return isOwn ? follow((value as Record<string, unknown>)[step], rest) : undefined
}
