/** A seeded stream of random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** Normal with mean 0 and standard deviation 1. */
  gaussian(): number
  /** Whole number in [0, count). */
  integer(count: number): number
}

function scramble(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Folds any finite numbers (instants beyond 32 bits too) into one 32-bit seed. */
export function mixSeed(...parts: number[]): number {
  let hash = 0x9e3779b9
  for (const part of parts) {
    const whole = Math.floor(part)
    const high = Math.floor(whole / 4294967296)
    hash = scramble(hash ^ (whole >>> 0))
    hash = scramble((hash + Math.imul(high + 0x7f4a7c15, 0x27d4eb2f)) | 0)
  }
  return hash
}

/** One uniform number in [0, 1) that belongs to `parts`, whenever it is asked for. */
export function uniformOf(...parts: number[]): number {
  return mixSeed(...parts) / 4294967296
}

/** Starts a seeded stream (Mulberry32; period 2^32, ample for drawings and training, not for secrets). */
export function createRandom(seed: number): Random {
  let state = mixSeed(seed) | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  let spare: number | undefined
  const gaussian = () => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()))
    const angle = 2 * Math.PI * next()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }
  return {
    next,
    gaussian,
    between: (low, high) => low + (high - low) * next(),
    integer: (count) => Math.floor(next() * count),
  }
}
