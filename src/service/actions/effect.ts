import { z } from 'zod'
import type { Action } from '../../contract/alert.ts'
import type { Deployment } from '../../contract/model.ts'

/** What a retraining action keeps: the version that it registered, beside what the pipeline said. */
export const producedVersion = z.object({ versionId: z.string() })

/** The version that an action produced; null when it is no retraining, or produced none. */
export function versionProducedBy(action: Pick<Action, 'kind' | 'result'>): string | null {
  if (action.kind !== 'retrain') return null
  const parsed = producedVersion.safeParse(action.result)
  return parsed.success ? parsed.data.versionId : null
}

/**
 * From when on an action can have helped: a switch when it ended, a retraining when its version began to run in the deployment
 * (until then there is nothing to judge: null).
 */
export function effectiveAtOf(action: Action, deployment: Deployment | null): number | null {
  if (action.state !== 'succeeded' || action.finishedAt === null) return null
  if (action.kind !== 'retrain') return action.finishedAt
  const produced = versionProducedBy(action)
  const began = deployment?.history.find(({ versionId, from }) => versionId === produced && from >= action.requestedAt)
  return began?.from ?? null
}
