import type { OutputOf } from '../../../contract/api.ts'
import { formatDate } from '../../widgets/format.ts'

export type VersionChoice = { id: string; label: string }

/**
 * Versions that a deployment could run instead of its own, newest first. Rolling back offers only those it has run before, the
 * latest of them first.
 */
export function versionChoices(
  model: OutputOf<'models.get'>,
  deploymentId: string,
  kind: 'retrain' | 'switch' | 'roll-back',
): VersionChoice[] {
  const deployment = model.deployments.find(({ record }) => record.id === deploymentId)?.record
  if (deployment === undefined) return []
  const certified = new Set(model.certifiedVersionIds)
  const lastRunAt = new Map(deployment.history.map(({ versionId, from }) => [versionId, from]))
  const others = model.versions.map(({ record }) => record).filter(({ id }) => id !== deployment.versionId)
  const offered =
    kind === 'roll-back'
      ? others
          .filter(({ id }) => lastRunAt.has(id))
          .sort((left, right) => (lastRunAt.get(right.id) ?? 0) - (lastRunAt.get(left.id) ?? 0))
      : others.sort((left, right) => right.createdAt - left.createdAt)
  return offered.map(({ id, name, createdAt }) => {
    const ranFrom = lastRunAt.get(id)
    const remarks = [
      certified.has(id) ? 'certified' : 'not certified',
      ranFrom === undefined ? `made ${formatDate(createdAt)}` : `ran here from ${formatDate(ranFrom)}`,
    ]
    return { id, label: `${name} (${remarks.join(', ')})` }
  })
}
