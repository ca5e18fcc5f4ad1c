import type { Limit, Target } from '../../contract/finding.ts'
import type { Version } from '../../contract/model.ts'
import type { Revisioned } from '../../contract/records.ts'
import { type DefaultLimits, defaultDeploymentLimits, defaultDeviceLimits } from '../../rules/default-limits.ts'

/** Limits that findings of a target are judged by now, and the set that they come from; null: nobody has set any. */
export interface LimitsInForce {
  readonly limits: readonly Limit[]
  readonly thresholdSetId: string | null
}

const isOf = (target: Target) => (set: { target: Target }) =>
  set.target.type === target.type && set.target.id === target.id

/** The set of a target that is active; null when none has been accepted. */
export function activeThresholdSet(
  sets: readonly Revisioned<'thresholdSet'>[],
  target: Target,
): Revisioned<'thresholdSet'> | null {
  return sets.findLast(({ record }) => record.isActive && isOf(target)(record)) ?? null
}

/** All sets of a target, newest version first. */
export const thresholdSetsOf = (sets: readonly Revisioned<'thresholdSet'>[], target: Target) =>
  sets.filter(({ record }) => isOf(target)(record)).sort((a, b) => b.record.version - a.record.version)

/**
 * Limits that a target has before anybody sets them. A deployment's performance is measured by `referenceMetrics`, of its
 * version's reference where that is labelled, else of training.
 */
export function defaultLimitsFor(
  target: Target,
  version: Version | null,
  referenceMetrics: Readonly<Record<string, number>> | null,
): DefaultLimits {
  if (target.type === 'device') return defaultDeviceLimits()
  if (target.type === 'deployment' && version !== null)
    return defaultDeploymentLimits({ task: version.schema.task, referenceMetrics })
  const { limits } = defaultDeploymentLimits({ task: 'binary', referenceMetrics: null })
  return { limits: limits.filter((limit) => limit.kind === 'endpoint'), notes: [] }
}
