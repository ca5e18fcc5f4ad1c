import type { Window } from '../../contract/primitives.ts'
import type { ProbeRecord } from '../rooms.ts'

const weekMs = 7 * 86_400_000
/** A week of probes every six seconds; more frequent ones reach back less far. */
const maxRecords = 100_000

/** Probes of endpoints in memory: at most a week of them. */
export function createProbeHistory() {
  const histories = new Map<string, ProbeRecord[]>()
  return {
    add(connectionId: string, record: ProbeRecord): void {
      const records = histories.get(connectionId) ?? []
      histories.set(connectionId, records)
      records.push(record)
      // Thinned out rarely, because each time moves what remains.
      const isOld = records[0].at < record.at - weekMs - 3_600_000
      if (!isOld && records.length <= maxRecords * 1.1) return
      const first = records.findIndex(({ at }) => at >= record.at - weekMs)
      records.splice(0, Math.max(first, records.length - maxRecords))
    },
    read(connectionId: string, { from, to }: Window): readonly ProbeRecord[] {
      return (histories.get(connectionId) ?? []).filter(({ at }) => at >= from && at < to)
    },
  }
}
