import type { Channel, Device } from '../../contract/device.ts'
import { createRandom, randomNormal } from '../../stats/random.ts'
import { analyzeDevice } from '../device.ts'
import { parametersOf } from '../parameters.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
export const start = Date.UTC(2026, 2, 2)

export const channel = (rest: Partial<Channel> = {}): Channel => ({
  name: 'x',
  unit: '',
  range: null,
  limit: null,
  expectedEveryMs: null,
  stuckAfterMs: null,
  ...rest,
})
export const deviceOf = (...channels: Channel[]): Device => ({
  id: 'dev_1',
  key: 'box',
  name: 'box',
  site: '',
  firmware: null,
  tags: [],
  channels,
  createdAt: start,
})

/** One reading every `every` ms over `days`, as a function of the time since the start. */
export function readings(days: number, every: number, valueAt: (since: number) => number) {
  const n = Math.floor((days * day) / every)
  return {
    at: Float64Array.from({ length: n }, (_, i) => start + i * every),
    value: Float64Array.from({ length: n }, (_, i) => valueAt(i * every)),
  }
}

/** Asks about one channel whose readings are given. */
export function ask(
  spec: Channel,
  points: { at: Float64Array; value: Float64Array },
  {
    changes = {},
    from = start,
    to = (points.at.at(-1) ?? start) + 1,
    now = to,
  }: { changes?: object; from?: number; to?: number; now?: number } = {},
) {
  const answer = analyzeDevice(
    { device: deviceOf(spec), channels: new Map([[spec.name, points]]), window: { from, to }, now },
    parametersOf.device.parse(changes),
  )
  const findingOf = (metric: string) => answer.findings.find(({ subject }) => subject.metric === metric)
  return { ...answer, health: answer.detail.channels[0], findingOf }
}

/** Normal noise of a standard deviation, from a seed. */
export const noise = (seed: number, size: number) => {
  const random = createRandom(seed)
  return () => size * randomNormal(random)
}
export const cycle = (since: number) => Math.sin((2 * Math.PI * since) / day)
