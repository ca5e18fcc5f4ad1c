export type SortDirection = 'ascending' | 'descending'
export type SortKey = number | string | null | undefined

const textOrder = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/**
 * The order in which rows stand, as indices into `keys`. Stable; missing and NaN keys last in either direction;
 * numbers before texts. O(n log n).
 */
export function sortedOrder(keys: SortKey[], direction: SortDirection): number[] {
  const sign = direction === 'ascending' ? 1 : -1
  const order = keys.map((_, index) => index)
  return order.sort((left, right) => compareKeys(keys[left], keys[right], sign) || left - right)
}

function compareKeys(left: SortKey, right: SortKey, sign: number): number {
  const leftMissing = isMissing(left)
  const rightMissing = isMissing(right)
  if (leftMissing || rightMissing) return Number(leftMissing) - Number(rightMissing)
  if (typeof left === 'number' && typeof right === 'number') return sign * (left - right)
  if (typeof left === 'string' && typeof right === 'string') return sign * textOrder.compare(left, right)
  return sign * (typeof left === 'number' ? -1 : 1)
}

function isMissing(key: SortKey): key is null | undefined {
  return key === null || key === undefined || Number.isNaN(key)
}
