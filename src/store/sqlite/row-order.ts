/**
 * Order of rows by time, then by row number; null when they already are in order. O(n log n), by a sort of plain numbers
 * where time span times n fits into one.
 */
export function timeOrder(at: Float64Array, row: Float64Array): Uint32Array | null {
  let isOrdered = true
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let index = 0; index < at.length; index += 1) {
    if (at[index] < least) least = at[index]
    if (at[index] > most) most = at[index]
    if (index > 0 && (at[index] < at[index - 1] || (at[index] === at[index - 1] && row[index] < row[index - 1])))
      isOrdered = false
  }
  if (isOrdered) return null
  const n = at.length
  if ((most - least + 1) * n >= Number.MAX_SAFE_INTEGER)
    return Uint32Array.from(at.keys()).sort((a, b) => at[a] - at[b] || row[a] - row[b])
  const keys = new Float64Array(n)
  for (let index = 0; index < n; index += 1) keys[index] = (at[index] - least) * n + index
  keys.sort()
  const order = new Uint32Array(n)
  for (let index = 0; index < n; index += 1) order[index] = keys[index] % n
  sortTies(order, at, row)
  return order
}

function sortTies(order: Uint32Array, at: Float64Array, row: Float64Array): void {
  for (let begin = 0; begin < order.length; ) {
    let end = begin + 1
    while (end < order.length && at[order[end]] === at[order[begin]]) end += 1
    if (end - begin > 1) order.subarray(begin, end).sort((a, b) => row[a] - row[b])
    begin = end
  }
}
