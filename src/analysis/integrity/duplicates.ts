import type { Column, SampleTable } from '../../contract/table.ts'

/**
 * How many rows repeat an earlier row in every input, prediction, label and, where known, event time.
 *
 * Missing equals missing, 0 equals −0. Candidates are found by a 32-bit hash and compared value by value, so the count is
 * exact. 0 for a table without columns. O(rows · columns), two words of memory a row.
 */
export function countDuplicates({ n, columns, prediction, label, at }: SampleTable): number {
  const parts: Column[] = [...columns.values()]
  for (const part of [prediction, label]) if (part !== null) parts.push(part)
  if (parts.length === 0) return 0
  if (at !== null) parts.push({ type: 'numeric', values: at })
  const hashes = new Uint32Array(n)
  for (const part of parts) {
    if (part.type === 'numeric') mixNumbers(hashes, part.values)
    else mixCodes(hashes, part.codes)
  }
  return countEqual(hashes, parts)
}

function mixNumbers(hashes: Uint32Array, values: Float64Array): void {
  const one = new Float64Array(1)
  const words = new Uint32Array(one.buffer)
  for (let row = 0; row < hashes.length; row++) {
    // Adding zero turns −0 into 0.
    one[0] = values[row] + 0
    hashes[row] = Number.isNaN(one[0]) ? mix(hashes[row], 0x7ff80000) : mix(mix(hashes[row], words[0]), words[1])
  }
}

function mixCodes(hashes: Uint32Array, codes: Int32Array): void {
  for (let row = 0; row < hashes.length; row++) hashes[row] = mix(hashes[row], Math.max(-1, codes[row]))
}

/** One round of MurmurHash3. */
function mix(hash: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51)
  const h = hash ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) >>> 0
}

function countEqual(hashes: Uint32Array, parts: readonly Column[]): number {
  const n = hashes.length
  let capacity = 16
  while (capacity < 2 * n) capacity *= 2
  const slots = new Int32Array(capacity).fill(-1)
  let duplicates = 0
  for (let row = 0; row < n; row++) {
    const hash = hashes[row]
    // The last round leaves the low bits poorly mixed.
    let slot = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0
    for (slot &= capacity - 1; ; slot = (slot + 1) & (capacity - 1)) {
      const other = slots[slot]
      if (other < 0) {
        slots[slot] = row
        break
      }
      if (hashes[other] === hash && parts.every((part) => isEqual(part, row, other))) {
        duplicates++
        break
      }
    }
  }
  return duplicates
}

function isEqual(part: Column, a: number, b: number): boolean {
  if (part.type === 'categorical') return part.codes[a] === part.codes[b] || (part.codes[a] < 0 && part.codes[b] < 0)
  const [x, y] = [part.values[a], part.values[b]]
  return x === y || (Number.isNaN(x) && Number.isNaN(y))
}
