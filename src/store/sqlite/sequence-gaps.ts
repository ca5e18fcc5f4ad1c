import type { SampleStore } from '../store.ts'
import type { Chunks } from './chunks.ts'
import { valueAt } from './column-codec.ts'
import type { Connection } from './database.ts'
import type { Symbols } from './symbols.ts'

type Gaps = Awaited<ReturnType<SampleStore['sequenceGaps']>>

/** Reads the sequence numbers of a window and finds what is missing. */
export function makeSequenceGaps(
  connection: Connection,
  symbols: Symbols,
  chunks: Chunks,
): SampleStore['sequenceGaps'] {
  const hotRows = connection.db
    .prepare<[number, number, number], [number, number, number]>(
      `SELECT device, at, seq FROM sample
       WHERE deployment = ? AND at >= ? AND at < ? AND device IS NOT NULL AND seq IS NOT NULL`,
    )
    .raw()
  return async ({ deploymentId, window }) =>
    connection.read(() => {
      const deployment = symbols.find(deploymentId)
      if (deployment === null) return []
      const byDevice = new Map<string, { at: number; seq: number }[]>()
      const note = (device: string, at: number, seq: number) => {
        const numbers = byDevice.get(device)
        if (numbers === undefined) byDevice.set(device, [{ at, seq }])
        else numbers.push({ at, seq })
      }
      for (const [device, at, seq] of hotRows.iterate(deployment, window.from, window.to))
        note(symbols.text(device), at, seq)
      for (const head of chunks.list(deployment, window.from, window.to)) {
        const chunk = chunks.open(head)
        const [times, devices, numbers] = [chunk.at(), chunk.column('$device'), chunk.column('$seq')]
        for (let position = 0; position < head.rows; position += 1) {
          const at = times[position]
          if (at < window.from || at >= window.to) continue
          const [device, seq] = [valueAt(devices, position), valueAt(numbers, position)]
          if (typeof device === 'string' && typeof seq === 'number') note(device, at, seq)
        }
      }
      return [...byDevice]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([deviceId, numbers]) => gapsOf(numbers).map((gap) => ({ deviceId, ...gap })))
    })
}

/** A source that restarts counts from near nothing: a fall to under half begins a new run. */
function runsOf(numbers: readonly { at: number; seq: number }[]): number[][] {
  const runs: number[][] = []
  let highest = Number.POSITIVE_INFINITY
  for (const { seq } of [...numbers].sort((a, b) => a.at - b.at || a.seq - b.seq)) {
    if (runs.length === 0 || (seq < highest / 2 && highest - seq > 100)) {
      runs.push([])
      highest = seq
    }
    runs[runs.length - 1].push(seq)
    highest = Math.max(highest, seq)
  }
  return runs
}

/**
 * Numbers missing between the lowest and the highest of each run, whatever the order of arrival. What is lost at the ends
 * of a window cannot be known. O(n log n).
 */
export function gapsOf(numbers: readonly { at: number; seq: number }[]): Omit<Gaps[number], 'deviceId'>[] {
  return runsOf(numbers).flatMap((run) => {
    const gaps: Omit<Gaps[number], 'deviceId'>[] = []
    const sorted = [...new Set(run)].sort((a, b) => a - b)
    for (let index = 1; index < sorted.length; index += 1) {
      const [after, before] = [sorted[index - 1], sorted[index]]
      if (before - after > 1) gaps.push({ after, before, missing: before - after - 1 })
    }
    return gaps
  })
}
