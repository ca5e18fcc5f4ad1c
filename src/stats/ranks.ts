/**
 * Indices that put values in ascending order; equal values keep their order, missing ones (NaN) come last.
 *
 * Stable radix sort on the bits of the numbers: O(n), 1M values in about a tenth of a second.
 */
export function sortedOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length
  const numbers = new Float64Array(1)
  const words = new Uint32Array(numbers.buffer)
  // A number's bits order it once negatives are inverted and the sign bit of the others is set.
  const littleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1
  const [lowWord, highWord] = littleEndian ? [0, 1] : [1, 0]
  const low = new Uint32Array(n)
  const high = new Uint32Array(n)
  for (let i = 0; i < n; i++) {
    const x = values[i]
    if (Number.isNaN(x)) {
      low[i] = 0xffffffff
      high[i] = 0xffffffff
      continue
    }
    numbers[0] = x === 0 ? 0 : x
    const sign = words[highWord] >>> 31
    low[i] = sign ? ~words[lowWord] : words[lowWord]
    high[i] = sign ? ~words[highWord] : words[highWord] | 0x80000000
  }
  let order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  let spare = new Uint32Array(n)
  const counts = new Uint32Array(65536)
  for (const key of [low, high]) {
    for (const shift of [0, 16]) {
      counts.fill(0)
      for (let i = 0; i < n; i++) counts[(key[i] >>> shift) & 0xffff]++
      let start = 0
      let passes = true
      for (let d = 0; d < 65536; d++) {
        const count = counts[d]
        if (count === n) passes = false
        counts[d] = start
        start += count
      }
      if (!passes) continue
      for (let i = 0; i < n; i++) {
        const index = order[i]
        spare[counts[(key[index] >>> shift) & 0xffff]++] = index
      }
      const swap = order
      order = spare
      spare = swap
    }
  }
  return order
}

/**
 * Ranks from 1 upwards; equal values share the mean of their ranks; a missing value (NaN) has rank 0.
 *
 * O(n), no object per value.
 */
export function midRanks(values: ArrayLike<number>): Float64Array {
  const order = sortedOrder(values)
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    const x = values[order[from]]
    if (Number.isNaN(x)) break
    let to = from + 1
    while (to < order.length && values[order[to]] === x) to++
    const rank = (from + to + 1) / 2
    for (let i = from; i < to; i++) ranks[order[i]] = rank
    from = to
  }
  return ranks
}
