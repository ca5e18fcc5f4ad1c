import type { Limit, Target } from '../../contract/finding.ts'
import type { Version } from '../../contract/model.ts'
import type { Revisioned } from '../../contract/records.ts'
import { type DefaultLimits, defaultDeploymentLimits, defaultDeviceLimits } from '../../rules/default-limits.ts'
import type { ServiceContext } from '../context.ts'

/** Limits that findings of a target are judged by now, and the set that they come from; null: nobody has set any. */
export interface LimitsInForce {
  readonly limits: readonly Limit[]
  readonly thresholdSetId: string | null
}

export interface Limits {
  /** The active threshold set, else what a new target would get. */
  inForce(target: Target): Promise<LimitsInForce>
  /** What a target would get if nobody had set anything. */
  defaultsOf(target: Target): Promise<DefaultLimits>
}

const isOf = (set: { readonly target: Target }, target: Target) =>
  set.target.type === target.type && set.target.id === target.id

/** All sets of a target, newest version first. */
export const thresholdSetsOf = (sets: readonly Revisioned<'thresholdSet'>[], target: Target) =>
  sets.filter(({ record }) => isOf(record, target)).sort((a, b) => b.record.version - a.record.version)

/** The set of a target that is active; null when none has been accepted. */
export const activeThresholdSet = (sets: readonly Revisioned<'thresholdSet'>[], target: Target) =>
  thresholdSetsOf(sets, target).find(({ record }) => record.isActive) ?? null

export function createLimits({ store, workers }: Pick<ServiceContext, 'store' | 'workers'>): Limits {
  const { records } = store
  /** By dataset and version, neither of which changes. */
  const known = new Map<string, Promise<Record<string, number> | null>>()

  /** What performance is measured from: the reference where that is labelled, else what training reported. */
  async function referenceMetrics(version: Version): Promise<Record<string, number> | null> {
    const { referenceDatasetId, schema, lineage } = version
    const dataset = referenceDatasetId === null ? null : await records.get('dataset', referenceDatasetId)
    const atTraining = Object.keys(lineage.metricsAtTraining).length > 0 ? lineage.metricsAtTraining : null
    if (dataset === null) return atTraining
    const key = `${dataset.record.digest} ${version.id}`
    const computed = known.get(key) ?? workers.run('analysis.referenceMetrics', { dataset: dataset.record, schema })
    known.set(key, computed)
    computed.catch(() => known.delete(key))
    return (await computed) ?? atTraining
  }

  async function defaultsOf(target: Target): Promise<DefaultLimits> {
    if (target.type === 'device') return defaultDeviceLimits()
    const deployment = target.type === 'deployment' ? await records.get('deployment', target.id) : null
    const version = deployment === null ? null : await records.get('version', deployment.record.versionId)
    if (version !== null)
      return defaultDeploymentLimits({
        task: version.record.schema.task,
        referenceMetrics: await referenceMetrics(version.record),
      })
    const { limits } = defaultDeploymentLimits({ task: 'binary', referenceMetrics: null })
    return { limits: limits.filter(({ kind }) => kind === 'endpoint'), notes: [] }
  }

  return {
    defaultsOf,
    async inForce(target) {
      const active = activeThresholdSet(await records.list('thresholdSet', { target }), target)
      if (active !== null) return { limits: active.record.limits, thresholdSetId: active.record.id }
      return { limits: (await defaultsOf(target)).limits, thresholdSetId: null }
    },
  }
}
