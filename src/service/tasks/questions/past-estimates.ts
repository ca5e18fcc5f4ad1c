import type { PastEstimate } from '../../../analysis/performance/trust.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { Store } from '../../../store/store.ts'
import { bucketOf, emptyTally, tallyProfile } from '../../monitoring/performance-tally.ts'
import type { DeploymentScene } from './deployment-scene.ts'

/** Most estimates that are scored, and that are looked at to find them. */
const mostScored = 40
const mostLooked = 500
/** Fewest labels against which an estimate is scored. */
const fewestLabels = 30

const overlaps = (a: Window, b: Window) => a.from < b.to && b.from < a.to

/**
 * Estimates without labels that were kept as findings, each with what the labels of its window say by now: newest first, of the
 * version that runs, no window twice. Labels are read from hourly profiles, so windows are taken as whole hours.
 */
export async function readPastEstimates(
  store: Store,
  { deployment, version, schema, window }: DeploymentScene,
  confidence: number,
): Promise<PastEstimate[]> {
  const history = [...deployment.history].sort((a, b) => a.from - b.from)
  const place = history.findLastIndex(({ versionId, from }) => versionId === version.id && from < window.to)
  const from = place <= 0 ? 0 : history[place].from
  const leading = schema.task === 'regression' ? 'mae' : 'accuracy'
  const metric = schema.task === 'regression' ? 'estimatedMae' : 'estimatedAccuracy'
  const kept = await store.findings.series({
    target: { type: 'deployment', id: deployment.id },
    kind: 'performance',
    subject: { metric },
    window: { from, to: window.to },
  })
  const past: PastEstimate[] = []
  for (const finding of kept.reverse().slice(0, mostLooked)) {
    if (past.length >= mostScored) break
    const span = finding.window
    if (span.from < from || past.some((one) => overlaps(one.window, span))) continue
    const read = { deploymentId: deployment.id, window: span }
    const hours = await store.profiles.activity(read)
    if (hours.reduce((sum, { labelled }) => sum + labelled, 0) < fewestLabels) continue
    const tally = emptyTally()
    const total = await store.profiles.sum({ ...read, versionId: version.id, parts: 'outcomes' })
    if (total !== null) tallyProfile(tally, total)
    const realised = bucketOf(span.from, tally, { metrics: [leading], schema, confidence }).metrics[leading]
    if (realised.value === null || realised.n < fewestLabels) continue
    const { value, n, interval } = finding
    past.push({ window: span, estimated: { value, n, interval }, realised })
  }
  return past
}
