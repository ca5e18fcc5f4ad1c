import type { Target } from '../../contract/finding.ts'
import type { IntakeBatch, IntakeResult } from '../../contract/intake.ts'
import type { Arrival } from '../rooms.ts'

function countBy<T>(items: readonly T[], idOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const id = idOf(item)
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  return counts
}

const arrivalsOf = (type: Target['type'], what: Arrival['what'], counts: ReadonlyMap<string, number>): Arrival[] =>
  [...counts].map(([id, count]) => ({ targets: [{ type, id }], what, count }))

/**
 * What a stored batch brought, one arrival for each target and kind. Where everything was a repetition there is none; the
 * counts of the others include repetitions among them.
 */
export function readArrivals(batch: IntakeBatch, result: IntakeResult): Arrival[] {
  const { samples, labels, telemetry, joined } = result
  const arrivals: Arrival[] = []
  if (samples.stored > 0)
    arrivals.push(
      ...arrivalsOf(
        'deployment',
        'samples',
        countBy(batch.samples, ({ sample }) => sample.deploymentId),
      ),
    )
  if (labels.stored > 0 || joined !== undefined) {
    const own = batch.samples.flatMap(({ label }) => (label === null ? [] : [label]))
    const counts = countBy(labels.stored > 0 ? [...own, ...batch.labels] : [], ({ deploymentId }) => deploymentId)
    for (const [id, count] of joined ?? []) counts.set(id, (counts.get(id) ?? 0) + count)
    arrivals.push(...arrivalsOf('deployment', 'labels', counts))
  }
  if (telemetry.stored > 0)
    arrivals.push(
      ...arrivalsOf(
        'device',
        'telemetry',
        countBy(batch.telemetry, ({ deviceId }) => deviceId),
      ),
    )
  return arrivals
}
