import type { SchemaSpec } from '../../contract/model.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { createRandom, randomNormal, randomUniform } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { analyzeDrift } from '../drift.ts'
import { parametersOf } from '../parameters.ts'
import { categories, numbers, tableOf } from './tables.ts'

/** Asks two tables with parameters that differ from the defaults as said. */
export function ask(
  reference: SampleTable,
  current: SampleTable,
  changes: object = {},
  schema: SchemaSpec | null = null,
) {
  return analyzeDrift({ reference, current, schema }, parametersOf.drift.parse(changes), uninterrupted)
}
export function askColumn(reference: Column, current: Column, changes: object = {}) {
  const answer = ask(tableOf({ x: reference }), tableOf({ x: current }), changes)
  return { ...answer, feature: answer.detail.features[0] }
}

export const normals = (seed: number, n: number, shift = 0) => {
  const random = createRandom(seed)
  return numbers(Array.from({ length: n }, () => randomNormal(random) + shift))
}
/** Categories drawn with given shares. */
export const draws = (seed: number, n: number, shares: Record<string, number>) => {
  const random = createRandom(seed)
  return categories(
    Array.from({ length: n }, () => {
      let u = randomUniform(random)
      for (const [name, share] of Object.entries(shares)) {
        u -= share
        if (u < 0) return name
      }
      return Object.keys(shares)[0]
    }),
  )
}
export const repeat = <T>(value: T, n: number): T[] => Array.from({ length: n }, () => value)
