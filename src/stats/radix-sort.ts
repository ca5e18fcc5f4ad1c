/** Bits of a 32-bit word counted in each pass, from the lowest up. */
const PASS_BITS = [10, 11, 11] as const
/** Places that insertion may move a value on average before counting all bits is cheaper. */
const MOVES_PER_VALUE = 4
const [LOW_WORD, HIGH_WORD] = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0]

/**
 * Sorts NaN-free numbers ascending in place, by their bits.
 *
 * Three counting passes over the upper half of the bits, then insertion for what only lower bits tell apart, in most data next
 * to nothing. Where many values share their upper half (a cloud that is tight for its distance from zero), insertion gives
 * up and six passes count all bits. O(n) with one spare copy; faster than sorting by comparison from some thousand
 * numbers on. −0 comes before 0.
 */
export function radixSort(values: Float64Array): Float64Array {
  const spare = new Float64Array(values.length)
  let sorted = countingSort(values, spare, 'high')
  if (!insertionSort(sorted, MOVES_PER_VALUE * values.length)) {
    // Each count keeps the order of the one before: lower bits first.
    for (const half of ['low', 'high'] as const) sorted = countingSort(sorted, sorted === values ? spare : values, half)
  }
  if (sorted !== values) values.set(sorted)
  return values
}

/** Sorts stably by one half of the bits; returns whichever of the two arrays then holds the values. */
function countingSort(values: Float64Array, spare: Float64Array, half: 'low' | 'high'): Float64Array {
  const isHigh = half === 'high'
  let from = values
  let to = spare
  let shift = 0
  for (const bits of PASS_BITS) {
    const counts = new Uint32Array(1 << bits)
    if (isHigh) countHigh(wordsOf(from), counts, shift)
    else countLow(wordsOf(from), counts, shift)
    if (accumulate(counts, values.length)) {
      if (isHigh) scatterHigh(from, wordsOf(from), to, counts, shift)
      else scatterLow(from, wordsOf(from), to, counts, shift)
      const swap = from
      from = to
      to = swap
    }
    shift += bits
  }
  return from
}

function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length)
}

/** Turns digit counts into start positions; false when all n numbers share one digit. */
function accumulate(counts: Uint32Array, n: number): boolean {
  let start = 0
  for (let d = 0; d < counts.length; d++) {
    const count = counts[d]
    if (count === n) return false
    counts[d] = start
    start += count
  }
  return true
}

/*
 * A number's key is its bits with the sign flipped, or with all bits flipped where the sign was set: keys order as numbers do.
 * The four loops below are the whole cost; each stands alone, with one kind of key, so that it stays compiled.
 */

function highKey(words: Uint32Array, i: number): number {
  const high = words[i + HIGH_WORD]
  return high ^ ((high >> 31) | 0x80000000)
}

function lowKey(words: Uint32Array, i: number): number {
  return words[i + LOW_WORD] ^ (words[i + HIGH_WORD] >> 31)
}

function countHigh(words: Uint32Array, counts: Uint32Array, shift: number): void {
  const mask = counts.length - 1
  for (let i = 0; i < words.length; i += 2) counts[(highKey(words, i) >>> shift) & mask]++
}

function countLow(words: Uint32Array, counts: Uint32Array, shift: number): void {
  const mask = counts.length - 1
  for (let i = 0; i < words.length; i += 2) counts[(lowKey(words, i) >>> shift) & mask]++
}

function scatterHigh(
  from: Float64Array,
  words: Uint32Array,
  to: Float64Array,
  starts: Uint32Array,
  shift: number,
): void {
  const mask = starts.length - 1
  for (let i = 0; i < from.length; i++) to[starts[(highKey(words, 2 * i) >>> shift) & mask]++] = from[i]
}

function scatterLow(
  from: Float64Array,
  words: Uint32Array,
  to: Float64Array,
  starts: Uint32Array,
  shift: number,
): void {
  const mask = starts.length - 1
  for (let i = 0; i < from.length; i++) to[starts[(lowKey(words, 2 * i) >>> shift) & mask]++] = from[i]
}

/** Sorts nearly sorted values; false when more than `maxMoves` would be needed, with the values all there but unsorted. */
function insertionSort(values: Float64Array, maxMoves: number): boolean {
  let moves = 0
  for (let i = 1; i < values.length; i++) {
    const x = values[i]
    if (values[i - 1] <= x) continue
    let j = i
    while (j > 0 && values[j - 1] > x) {
      values[j] = values[j - 1]
      j--
    }
    values[j] = x
    moves += i - j
    if (moves > maxMoves) return false
  }
  return true
}
