import { expect, it } from 'vitest'
import { makeDirectory, timeBounds } from '../../test/support/intake-double.ts'
import { decodeJson } from './decode-json.ts'
import { createMapper } from './map-message.ts'
import type { Route } from './route.ts'

/** Small seeded generator (mulberry32), so that a failure can be repeated. */
function makeRandom(seed: number) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const now = Date.UTC(2026, 5, 1)
const seeds: [Route, unknown][] = [
  [
    { kind: 'samples', key: 'room' },
    [
      {
        id: 'a',
        at: now,
        inputs: { temperature: 1.5, window: 'open' },
        prediction: 'empty',
        scores: { empty: 1 },
        seq: 1,
      },
      { id: 'b', at: '2026-05-31T00:00:00Z', inputs: {}, prediction: 'occupied', images: { frame: 'iVBORw0KGgo=' } },
    ],
  ],
  [
    { kind: 'labels', key: 'room' },
    { id: 'a', label: 'empty', at: now },
  ],
  [
    { kind: 'telemetry', key: 'box-1' },
    { at: now, seq: 3, values: { t: 1, h: null } },
  ],
]
const splices = [
  'NaN',
  '1e999',
  '-0',
  'null',
  '{}',
  '[]',
  '""',
  '"__proto__"',
  '\\ud800',
  '\u0000',
  '9007199254740993',
  '[[[[',
]

it('refuses with a reason or takes validly whatever mutation of a message comes (seed 20260601)', () => {
  const random = makeRandom(20_260_601)
  const pick = (below: number) => Math.floor(random() * below)
  const map = createMapper({ directory: makeDirectory(), pictureBytes: 1000, timeBounds })
  let taken = 0
  let refused = 0
  for (let round = 0; round < 30_000; round++) {
    const [route, body] = seeds[pick(seeds.length)]
    let bytes = Buffer.from(JSON.stringify(body))
    for (let change = pick(3); change >= 0; change--) {
      const at = pick(bytes.length)
      const kind = pick(3)
      if (kind === 0) bytes[at] = pick(256)
      else if (kind === 1)
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.min(bytes.length, at + 1 + pick(8)))])
      else
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(splices[pick(splices.length)]), bytes.subarray(at)])
      if (bytes.length === 0) bytes = Buffer.from('0')
    }
    const decoded = decodeJson(bytes, { maxBytes: 10_000, maxDepth: 32 })
    if (decoded.refusal) {
      expect(decoded.refusal.reason).not.toBe('')
      refused++
      continue
    }
    const mapped = map({ connectionId: 'con_1', via: 'mqtt', route, arrivedAt: now }, decoded.json)
    for (const { reason } of mapped.refused) expect(reason).not.toBe('')
    for (const { sample } of mapped.samples) {
      expect(Object.keys(sample.inputs)).toEqual(['temperature', 'window', 'frame'])
      const { temperature } = sample.inputs
      expect(temperature === null || Number.isFinite(temperature)).toBe(true)
      expect(Number.isSafeInteger(sample.at) && ['empty', 'occupied'].includes(String(sample.prediction))).toBe(true)
    }
    for (const point of mapped.telemetry) expect(Number.isFinite(point.value)).toBe(true)
    taken += mapped.samples.length + mapped.labels.length + mapped.telemetry.length
    refused += mapped.refused.length
  }
  // Both ways are exercised, or the mutations prove nothing.
  expect(taken).toBeGreaterThan(1000)
  expect(refused).toBeGreaterThan(1000)
})
