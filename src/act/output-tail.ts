/** Most that is kept of an action's output. */
export const maxLogBytes = 65_536

/**
 * Keeps the end of a stream of bytes in bounded memory and says what was cut. O(1) amortised per byte.
 */
export class OutputTail {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #kept = 0
  #total = 0

  constructor(maxBytes: number = maxLogBytes) {
    this.#maxBytes = maxBytes
  }

  push(chunk: Uint8Array): void {
    this.#total += chunk.length
    // Only the end of a huge chunk can survive, and a copy does not hold the rest in memory.
    const end = Buffer.from(chunk.subarray(Math.max(0, chunk.length - this.#maxBytes)))
    this.#chunks.push(end)
    this.#kept += end.length
    if (this.#kept > 2 * this.#maxBytes || this.#chunks.length > 1024) this.#compact()
  }

  #compact(): void {
    const joined = Buffer.concat(this.#chunks)
    const kept = Buffer.from(joined.subarray(Math.max(0, joined.length - this.#maxBytes)))
    this.#chunks = [kept]
    this.#kept = kept.length
  }

  /** The text kept, at most `maxBytes` bytes of UTF-8 with the line that says what was cut; broken bytes become U+FFFD. */
  text(): string {
    this.#compact()
    const kept = this.#chunks[0] ?? Buffer.alloc(0)
    const whole = kept.toString('utf8')
    if (this.#total <= kept.length && Buffer.byteLength(whole) <= this.#maxBytes) return whole
    return this.#cut(kept)
  }

  #cut(kept: Buffer): string {
    const room = this.#maxBytes - 80
    for (let size = Math.min(room, kept.length); ; size = Math.floor(size / 2)) {
      let start = kept.length - size
      while (start < kept.length && (kept[start] & 0xc0) === 0x80) start += 1
      const text = kept.subarray(start).toString('utf8')
      // Each broken byte grows to three; halving ends that quickly.
      if (Buffer.byteLength(text) <= room)
        return `[${this.#total - (kept.length - start)} bytes before this were cut]\n${text}`
    }
  }
}
