import type { AnalysisContext, Answer } from '../../../analysis/answer.ts'
import { gateSamples } from '../../../analysis/device/set-apart.ts'
import { analyzeDrift, withSetApart } from '../../../analysis/drift.ts'
import type { ParametersOf } from '../../../analysis/parameters.ts'
import { analyzeDriftFromProfiles, mergeProfiles, profileOfTable } from '../../../analysis/profiles.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { SensorFault } from '../../../contract/sensor-fault.ts'
import type { Store } from '../../../store/store.ts'
import { type DeploymentScene, type ReferenceData, requireReference } from './deployment-scene.ts'
import { findInputFaults } from './sensor-gate.ts'

/** Up to so many samples drift is answered from every single one; beyond, from hourly profiles, which cost the same for any number. */
export const mostExactRows = 300_000

const hourMs = 3_600_000

/** Drift of a window: exact where that is affordable, else of binned values over whole hours; the sensor gate comes first. */
export async function answerDrift(
  store: Store,
  scene: DeploymentScene,
  parameters: ParametersOf<'drift'>,
  context: AnalysisContext,
  now: number,
): Promise<{ answer: Answer<'drift'>; reference: ReferenceData }> {
  const { schema, columns } = scene
  const reference = await requireReference(scene, { columns })
  const { faults, inputs } = await findInputFaults(store, scene, now)
  const count = await scene.countSamples()
  if (count > mostExactRows) {
    const answer = await answerFromProfiles(store, scene, reference, parameters, faults)
    if (answer !== null) return { answer, reference }
  }
  const current = await scene.table({ columns, limit: mostExactRows })
  const gated = gateSamples(current, faults, inputs)
  const { table, prepared } = reference
  const answer = analyzeDrift({ reference: table, current, schema, prepared, gated }, parameters, context)
  return { answer, reference }
}

/**
 * Null where the version's values are not binned, or every hour is faulty, so that profiles cannot answer. Hours that a fault touches
 * are set apart as a whole.
 */
async function answerFromProfiles(
  store: Store,
  { deployment, version, schema, window }: DeploymentScene,
  { table, prepared }: ReferenceData,
  parameters: ParametersOf<'drift'>,
  faults: readonly SensorFault[],
): Promise<Answer<'drift'> | null> {
  const binning = await store.profiles.binning(version.id)
  if (binning === null) return null
  const sumOf = async (spans: readonly Window[]) => {
    const sums = []
    for (const span of spans)
      sums.push(await store.profiles.sum({ deploymentId: deployment.id, window: span, versionId: version.id }))
    return mergeProfiles(sums.filter((sum) => sum !== null))
  }
  const { sound, faulty } = partHours(window, faults)
  const current = await sumOf(sound)
  if (current === null) return null
  const before = prepared?.profile(table, schema, binning) ?? profileOfTable(table, schema, binning)
  const answer = analyzeDriftFromProfiles({ reference: before, current, binning, schema }, parameters)
  const n = (await sumOf(faulty))?.n ?? 0
  if (n === 0) return answer
  // Profiles tell hours apart, not samples: each fault is counted with all that its hours hold.
  return withSetApart(answer, { n, of: n + current.n, faults: faults.map((fault) => ({ ...fault, n })) })
}

/** A window in stretches of whole hours that no fault touches, and those that one does. */
export function partHours(window: Window, faults: readonly Pick<SensorFault, 'from' | 'to'>[]) {
  const hourAt = (at: number) => Math.floor(at / hourMs) * hourMs
  const [sound, faulty]: [Window[], Window[]] = [[], []]
  let at = hourAt(window.from)
  for (const fault of faults.toSorted((a, b) => a.from - b.from)) {
    const from = Math.max(at, hourAt(fault.from))
    const to = Math.min(hourAt(window.to + hourMs - 1), hourAt(fault.to) + hourMs)
    if (to <= from) continue
    if (from > at) sound.push({ from: at, to: from })
    faulty.push({ from, to })
    at = to
  }
  if (at < window.to) sound.push({ from: at, to: window.to })
  return { sound, faulty }
}
