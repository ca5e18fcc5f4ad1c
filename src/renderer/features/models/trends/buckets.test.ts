import { expect, it } from 'vitest'
import { bucketMsOf } from './buckets.ts'

const hourMs = 3_600_000

it.each([
  [6, 1],
  [24, 1],
  [7 * 24, 3],
  [30 * 24, 12],
  [365 * 24, 7 * 24],
  [3650 * 24, 30 * 24],
])('draws %i hours in buckets of %i', (hours, expected) => {
  expect(bucketMsOf({ from: 0, to: hours * hourMs })).toBe(expected * hourMs)
})
