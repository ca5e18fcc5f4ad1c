import { expect, it } from 'vitest'
import { partHours } from './drift-answer.ts'

const hour = 3_600_000

it('parts a window in stretches of whole hours with and without faults', () => {
  const window = { from: 10 * hour + 5, to: 20 * hour }
  expect(partHours(window, [])).toEqual({ sound: [{ from: 10 * hour, to: 20 * hour }], faulty: [] })
  expect(
    partHours(window, [
      { from: 15 * hour + 1, to: 15 * hour + 2 },
      { from: 12 * hour - 1, to: 12 * hour },
      { from: 15 * hour + 9, to: 16 * hour - 1 },
      { from: 0, to: 3 * hour },
    ]),
  ).toEqual({
    sound: [
      { from: 10 * hour, to: 11 * hour },
      { from: 13 * hour, to: 15 * hour },
      { from: 16 * hour, to: 20 * hour },
    ],
    faulty: [
      { from: 11 * hour, to: 13 * hour },
      { from: 15 * hour, to: 16 * hour },
    ],
  })
  expect(partHours(window, [{ from: 0, to: 30 * hour }])).toEqual({
    sound: [],
    faulty: [{ from: 10 * hour, to: 20 * hour }],
  })
})
