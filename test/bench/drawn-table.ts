import type { Column } from '../../src/contract/table.ts'
import { createRandom, randomNormal, randomUniform } from '../../src/stats/random.ts'

const categories = Array.from({ length: 20 }, (_, i) => `category ${i}`)

/** Every third column of twenty unequal categories; of the others half are normal and half rounded to tenths. */
function drawColumn(seed: number, rows: number, index: number): Column {
  const random = createRandom(seed)
  if (index % 3 === 2) {
    const codes = new Int32Array(rows)
    for (let row = 0; row < rows; row++) codes[row] = Math.floor(20 * randomUniform(random) ** 2)
    return { type: 'categorical', categories, codes }
  }
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++)
    values[row] = index % 3 === 0 ? randomNormal(random) : Math.round(1000 * randomUniform(random)) / 10
  return { type: 'numeric', values }
}

/** Columns x0, x1, …: two thirds numeric, one third categorical. */
export function drawColumns(seed: number, rows: number, features: number): Map<string, Column> {
  return new Map(Array.from({ length: features }, (_, i) => [`x${i}`, drawColumn(1000 * seed + i, rows, i)]))
}

/** How long something takes, and what it gives. */
export function secondsOf<T>(run: () => T): [seconds: number, result: T] {
  const begun = performance.now()
  const result = run()
  return [(performance.now() - begun) / 1000, result]
}

/** The median of each of several measurements, over an odd number of runs. */
export function repeated<T extends Record<string, number>>(times: number, run: () => T): T {
  const results = Array.from({ length: times }, run)
  const median = (key: string) => results.map((result) => result[key]).sort((a, b) => a - b)[(times - 1) / 2]
  return Object.fromEntries(Object.keys(results[0]).map((key) => [key, median(key)])) as T
}
