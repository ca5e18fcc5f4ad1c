import { describe, expect, it } from 'vitest'
import type { Channel } from '../../contract/device.ts'
import { livenessFindings } from './describe-liveness.ts'
import { findLiveness } from './liveness.ts'
import type { ChannelPoints } from './points.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.UTC(2026, 2, 2)

const declare = (name: string, expectedEveryMs: number | null): Channel => ({
  ...{ name, unit: '', range: null, limit: null, expectedEveryMs, stuckAfterMs: null },
})
/** Readings at minutes since the start. */
const atMinutes = (...minutes: number[]): ChannelPoints => ({
  at: Float64Array.from(minutes, (m) => start + m * minute),
  value: new Float64Array(minutes.length).fill(1),
})
const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)

const look = (
  channels: Record<string, ChannelPoints>,
  { specs = [], to = day, from = 0 }: { specs?: Channel[]; from?: number; to?: number } = {},
) =>
  findLiveness(
    specs,
    new Map(Object.entries(channels)),
    { window: { from: start + from, to: start + to }, now: start + to },
    { gapFactor: 2.5 },
  )

describe('the silence of a device', () => {
  it('is judged by its declared rhythm', () => {
    const specs = [declare('x', minute)]
    const stopped = look({ x: atMinutes(...every(1, 0, 60)) }, { specs, to: 3 * hour })
    expect(stopped).toMatchObject({ silentForMs: 121 * minute, allowedMs: 2.5 * minute, isSilent: true, flaps: 1 })
    const alive = look({ x: atMinutes(...every(1, 0, 180)) }, { specs, to: 3 * hour })
    expect(alive).toMatchObject({ silentForMs: minute, isSilent: false, flaps: 0 })
  })

  it('is judged by its own rhythm where none is declared', () => {
    const own = { x: atMinutes(...every(10, 0, 600)) }
    expect(look(own, { to: 10 * hour + 10 * minute })).toMatchObject({ allowedMs: 25 * minute, isSilent: false })
    expect(look(own, { to: 11 * hour })).toMatchObject({ silentForMs: 70 * minute, isSilent: true })
  })

  it('of one that reports events is long only by its longest pause', () => {
    const events = { door: atMinutes(0, 5, 7, 300, 302, 310) }
    expect(look(events, { to: 14 * hour })).toMatchObject({ allowedMs: 586 * minute, isSilent: false, flaps: 0 })
    expect(look(events, { to: 20 * hour })).toMatchObject({ isSilent: true, flaps: 1 })
  })

  it('is that of all channels, not of a quick one that died before', () => {
    const specs = [declare('quick', minute), declare('slow', hour)]
    const slow = atMinutes(...every(60, 0, 1440))
    const died = { quick: atMinutes(...every(1, 0, 121)), slow }
    // Its death itself looked like the device's, until the slow one reported again.
    expect(look(died, { specs })).toMatchObject({ allowedMs: 2.5 * hour, isSilent: false, flaps: 2 })
    const both = { quick: atMinutes(...every(1, 0, 130)), slow: atMinutes(0, 60, 120) }
    expect(look(both, { specs, to: 2.5 * hour })).toMatchObject({ allowedMs: 2.5 * minute, isSilent: true, flaps: 1 })
  })

  it('that began before the window is known, and counts no turn in it', () => {
    const specs = [declare('x', minute)]
    const gone = look({ x: atMinutes(...every(1, 0, 60)) }, { specs, from: 2 * hour, to: 3 * hour })
    expect(gone).toMatchObject({ silentForMs: 121 * minute, isSilent: true, flaps: 0 })
  })

  it('cannot be told of a device that has sent nothing, or once', () => {
    const nothing = look({}, { specs: [declare('x', minute)] })
    expect(nothing).toEqual({ lastAt: null, silentForMs: null, allowedMs: null, isSilent: false, flaps: null })
    expect(look({ x: atMinutes() }).silentForMs).toBeNull()
    const once = look({ x: atMinutes(3) }, { to: hour })
    expect(once).toMatchObject({ silentForMs: 57 * minute, allowedMs: null, isSilent: false, flaps: null })
    expect(look({ x: atMinutes(3) }, { specs: [declare('x', minute)], to: hour })).toMatchObject({ isSilent: true })
    expect(look({ x: atMinutes(3, 3, 3, 3) }, { to: hour })).toMatchObject({ allowedMs: null, isSilent: false })
  })
})

describe('goings and comings', () => {
  it('are the ends of silences and their beginnings', () => {
    const specs = [declare('x', minute)]
    const x = atMinutes(...every(1, 0, 600).filter((m) => m % 100 < 90))
    expect(look({ x }, { specs, to: 10 * hour }).flaps).toBe(11)
  })

  it('are told by a last will, which is no reading', () => {
    const specs = [declare('x', minute)]
    const x = atMinutes(...every(1, 0, 60))
    const online = { ...atMinutes(0, 10, 20, 30, 40, 61), value: Float64Array.of(1, 0, 1, 0, 1, 0) }
    expect(look({ x, online }, { specs, to: 2 * hour })).toMatchObject({ silentForMs: 61 * minute, flaps: 5 })
    expect(look({ online }, { to: 2 * hour })).toMatchObject({ lastAt: null, flaps: 5 })
    expect(look({ online }, { from: 35 * minute, to: 2 * hour }).flaps).toBe(2)
  })
})

describe('the findings', () => {
  const findings = (...args: Parameters<typeof look>) => livenessFindings({ name: 'box' }, look(...args), 7)

  it('say since when', () => {
    const [silent, flaps] = findings({ x: atMinutes(0, 1, 2) }, { specs: [declare('x', minute)], to: 3 * hour })
    expect(silent).toMatchObject({ subject: { metric: 'silentForMs' }, unit: 'ms', status: 'breach', n: 7 })
    expect(silent.message).toBe(
      'box has been silent for 3 hours, since 2 Mar 2026 00:02 UTC; usual is at most 3 minutes',
    )
    expect(flaps).toMatchObject({ value: 1, unit: 'count', status: 'ok' })
  })

  it('warn of a device that comes and goes, and leave open what cannot be known', () => {
    const x = atMinutes(...every(1, 0, 300).filter((m) => m % 100 < 90))
    const [, flaps] = findings({ x }, { specs: [declare('x', minute)], to: 5 * hour })
    expect(flaps).toMatchObject({ value: 5, status: 'warning' })
    expect(findings({})).toMatchObject([{ value: null, status: 'insufficient' }])
    expect(findings({ x: atMinutes(1) })).toMatchObject([{ status: 'insufficient' }])
  })
})
