import { expect, it } from 'vitest'
import { faultsIn, fuzz } from '../fuzz/fuzz.ts'

const seed = 20_260_601

it(`refuses with a reason or takes validly whatever mutated payload comes (seed ${seed})`, {
  timeout: 60_000,
}, async () => {
  const report = await fuzz({ count: 30_000, seed })
  expect(faultsIn(report)).toEqual([])
})
