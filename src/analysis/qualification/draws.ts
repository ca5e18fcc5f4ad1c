import { type Random, randomNormal } from '../../stats/random.ts'

export const normals = (random: Random, n: number): Float64Array => {
  const values = new Float64Array(n)
  for (let i = 0; i < n; i++) values[i] = randomNormal(random)
  return values
}
