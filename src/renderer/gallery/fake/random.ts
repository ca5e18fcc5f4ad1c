/** A small deterministic generator, uniform in [0, 1), so that the gallery looks the same on every visit. */
export function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Bell-shaped around 0 with deviation 1: the sum of twelve uniform numbers. */
export function gaussian(random: () => number): number {
  let sum = -6
  for (let draw = 0; draw < 12; draw += 1) sum += random()
  return sum
}
