import type { Window } from '../../contract/primitives.ts'

export type Preset = '1h' | '24h' | '7d' | '30d'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

export const presets: { id: Preset; label: string; lengthMs: number }[] = [
  { id: '1h', label: '1 h', lengthMs: hourMs },
  { id: '24h', label: '24 h', lengthMs: dayMs },
  { id: '7d', label: '7 d', lengthMs: 7 * dayMs },
  { id: '30d', label: '30 d', lengthMs: 30 * dayMs },
]

/** The preset's span that ends at `nowAt`, not included. */
export function presetWindow(id: Preset, nowAt: number): Window {
  const preset = presets.find((candidate) => candidate.id === id)
  if (preset === undefined) throw new Error(`unknown preset ${id}`)
  return { from: Math.max(0, nowAt - preset.lengthMs), to: nowAt }
}

/** `2026-11-21T14:20`, as a date-time field wants it, in UTC. */
export function toUtcMinute(at: number): string {
  return new Date(at).toISOString().slice(0, 16)
}

/** The instant a date-time field means when read as UTC; null while it is not complete. */
export function parseUtcMinute(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text)) return null
  const at = Date.parse(`${text}Z`)
  return Number.isNaN(at) || at < 0 ? null : at
}

/** The shortest preset that still shows twice the span from `at` to now: what came before is the measure of what came after. */
export function presetAround(at: number, nowAt: number): Preset {
  return presets.find(({ lengthMs }) => lengthMs >= 2 * (nowAt - at))?.id ?? '30d'
}
