import type { AnalysisContext, Answer } from '../../../analysis/answer.ts'
import { gateSamples } from '../../../analysis/device/set-apart.ts'
import { analyzeDrift, withSetApart } from '../../../analysis/drift.ts'
import type { ParametersOf } from '../../../analysis/parameters.ts'
import { analyzeDriftFromProfiles, mergeProfiles, profileOfTable } from '../../../analysis/profiles.ts'
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
  const hours = await store.profiles.read({ deploymentId: deployment.id, window, versionId: version.id })
  const sound = hours.filter(
    (profile) => !faults.some(({ from, to }) => from < profile.hour + hourMs && to >= profile.hour),
  )
  const current = mergeProfiles(sound)
  if (current === null) return null
  const before = prepared?.profile(table, schema, binning) ?? profileOfTable(table, schema, binning)
  const answer = analyzeDriftFromProfiles({ reference: before, current, binning, schema }, parameters)
  if (sound.length === hours.length) return answer
  const countOf = (profiles: typeof hours) => profiles.reduce((sum, { n }) => sum + n, 0)
  const of = countOf(hours)
  const n = of - countOf(sound)
  // Profiles tell hours apart, not samples: each fault is counted with all that its hours hold.
  return withSetApart(answer, { n, of, faults: faults.map((fault) => ({ ...fault, n })) })
}
