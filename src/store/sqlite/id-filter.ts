/** Hashes of sample ids, and the Bloom filter by which a chunk says quickly that it does not hold one. */

/** 53-bit hash of a text: two rounds of 32-bit multiplication and mixing. Not for secrets; collisions are resolved by the id. */
export function hashId(id: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let at = 0; at < id.length; at += 1) {
    const unit = id.charCodeAt(at)
    a = Math.imul(a ^ unit, 2_654_435_761)
    b = Math.imul(b ^ unit, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0)
}

/** 20 bits and 8 probes a key: about one false alarm in 7,000. */
const bitsPerKey = 20
const probes = 8

/** Filter over hashes; its length in bits is a power of two. */
export function makeFilter(hashes: Float64Array): Uint8Array {
  const bits = 2 ** Math.ceil(Math.log2(Math.max(64, hashes.length * bitsPerKey)))
  const filter = new Uint8Array(bits / 8)
  const mask = bits - 1
  for (const hash of hashes) {
    let at = hash >>> 0
    const step = ((hash / 4_294_967_296) >>> 0) * 2 + 1
    for (let probe = 0; probe < probes; probe += 1) {
      const bit = at & mask
      filter[bit >>> 3] |= 1 << (bit & 7)
      at = (at + step) >>> 0
    }
  }
  return filter
}

/** False: certainly not among the filter's keys. */
export function mayContain(filter: Uint8Array, hash: number): boolean {
  const mask = filter.length * 8 - 1
  let at = hash >>> 0
  const step = ((hash / 4_294_967_296) >>> 0) * 2 + 1
  for (let probe = 0; probe < probes; probe += 1) {
    const bit = at & mask
    if ((filter[bit >>> 3] & (1 << (bit & 7))) === 0) return false
    at = (at + step) >>> 0
  }
  return true
}

/** Positions in ascending `hashes` that equal `hash`. */
export function positionsOf(hashes: Float64Array, hash: number): { from: number; to: number } {
  let low = 0
  let high = hashes.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (hashes[middle] < hash) low = middle + 1
    else high = middle
  }
  let to = low
  while (to < hashes.length && hashes[to] === hash) to += 1
  return { from: low, to }
}
