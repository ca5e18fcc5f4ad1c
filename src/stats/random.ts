import { normalQuantile } from './normal-distribution.ts'

/** A seeded source of random numbers (xoshiro128**): four words that every draw rewrites. Not for secrets. */
export type Random = { readonly state: Uint32Array }

/**
 * A random source whose whole sequence follows from a seed (its lowest 32 bits).
 *
 * The state is filled by splitmix32. Source: Blackman and Vigna, ACM Trans. Math. Softw. 47 (2021) 36.
 */
export function createRandom(seed: number): Random {
  const state = new Uint32Array(4)
  let s = seed >>> 0
  for (let i = 0; i < 4; i++) {
    s = (s + 0x9e3779b9) >>> 0
    let z = s
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    state[i] = z ^ (z >>> 15)
  }
  if ((state[0] | state[1] | state[2] | state[3]) === 0) state[0] = 1
  return { state }
}

/** A copy that goes on from the same point without touching the original. */
export function copyRandom(random: Random): Random {
  return { state: random.state.slice() }
}

/** A whole number in [0, 2³²). */
export function randomUint32({ state }: Random): number {
  const s1 = state[1]
  const scrambled = Math.imul(s1, 5)
  const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0
  state[2] ^= state[0]
  state[3] ^= s1
  state[1] ^= state[2]
  state[0] ^= state[3]
  state[2] ^= s1 << 9
  const s3 = state[3]
  state[3] = (s3 << 11) | (s3 >>> 21)
  return result
}

/** A number in [0, 1) with 53 random bits. */
export function randomUniform(random: Random): number {
  const high = randomUint32(random) >>> 5
  const low = randomUint32(random) >>> 6
  return (high * 67108864 + low) / 9007199254740992
}

/** A whole number in [0, below), for 1 <= below <= 2³²; no value is favoured by more than 2⁻²⁰. */
export function randomInteger(random: Random, below: number): number {
  if (!(below >= 1 && below <= 4294967296)) throw new RangeError(`randomInteger needs 1 <= below <= 2^32, got ${below}`)
  return Math.floor(randomUniform(random) * below)
}

/** A standard normal number, by inversion: one draw each, no hidden spare. */
export function randomNormal(random: Random): number {
  // Zero, whose quantile is infinite, stands for the half step above it.
  return normalQuantile(Math.max(randomUniform(random), 2 ** -54))
}

/** Shuffles an array in place (Fisher–Yates), every order equally likely; returns it. */
export function shuffle<T extends { readonly length: number; [index: number]: unknown }>(random: Random, array: T): T {
  const items: { [index: number]: unknown } = array
  for (let i = array.length - 1; i > 0; i--) {
    const j = randomInteger(random, i + 1)
    const kept = items[i]
    items[i] = items[j]
    items[j] = kept
  }
  return array
}

/**
 * `count` different whole numbers below `below`, ascending, every subset equally likely.
 *
 * Selection sampling, O(below). Throws RangeError when count exceeds below.
 */
export function sampleWithoutReplacement(random: Random, below: number, count: number): Uint32Array {
  if (count > below) throw new RangeError(`cannot draw ${count} of ${below} without replacement`)
  const chosen = new Uint32Array(count)
  let taken = 0
  for (let i = 0; taken < count; i++) {
    if (randomUniform(random) * (below - i) < count - taken) chosen[taken++] = i
  }
  return chosen
}
