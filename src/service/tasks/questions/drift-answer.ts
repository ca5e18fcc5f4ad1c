import type { AnalysisContext, Answer } from '../../../analysis/answer.ts'
import { analyzeDrift } from '../../../analysis/drift.ts'
import type { ParametersOf } from '../../../analysis/parameters.ts'
import { analyzeDriftFromProfiles, mergeProfiles, profileOfTable } from '../../../analysis/profiles.ts'
import type { Store } from '../../../store/store.ts'
import { type DeploymentScene, type ReferenceData, requireReference } from './deployment-scene.ts'

/** Up to so many samples drift is answered from every single one; beyond, from hourly profiles, which cost the same for any number. */
export const mostExactRows = 300_000

/** Drift of a window: exact where that is affordable, else of binned values over whole hours. */
export async function answerDrift(
  store: Store,
  scene: DeploymentScene,
  parameters: ParametersOf<'drift'>,
  context: AnalysisContext,
): Promise<{ answer: Answer<'drift'>; reference: ReferenceData }> {
  const { schema, columns } = scene
  const reference = await requireReference(scene, { columns })
  const count = await scene.countSamples()
  if (count > mostExactRows) {
    const answer = await answerFromProfiles(store, scene, reference, parameters)
    if (answer !== null) return { answer, reference }
  }
  const current = await scene.table({ columns, limit: mostExactRows })
  const { table, prepared } = reference
  return { answer: analyzeDrift({ reference: table, current, schema, prepared }, parameters, context), reference }
}

/** Null where the version's values are not binned, so that profiles cannot answer. */
async function answerFromProfiles(
  store: Store,
  { deployment, version, schema, window }: DeploymentScene,
  { table, prepared }: ReferenceData,
  parameters: ParametersOf<'drift'>,
): Promise<Answer<'drift'> | null> {
  const binning = await store.profiles.binning(version.id)
  if (binning === null) return null
  const current = mergeProfiles(
    await store.profiles.read({ deploymentId: deployment.id, window, versionId: version.id }),
  )
  if (current === null) return null
  const before = prepared?.profile(table, schema, binning) ?? profileOfTable(table, schema, binning)
  return analyzeDriftFromProfiles({ reference: before, current, binning, schema }, parameters)
}
