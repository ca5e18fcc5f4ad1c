import { useMemo } from 'react'
import type { Target } from '../../../contract/finding.ts'
import { pathOfTarget } from '../../data/paths.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'

export type TargetInfo = {
  target: Target
  /** "cat-dog in production", "camera-1", "Park broker". */
  name: string
  /** The page about it. */
  path: string
  modelId: string | null
}

const follows = { records: ['model', 'deployment', 'device', 'connection'] }

/** Everything that can be watched, by id: deployments, devices, connections. */
export function useTargets(): { list: TargetInfo[]; byId: ReadonlyMap<string, TargetInfo> } {
  const { data: models } = useQueryMethod('models.list', {}, { follows })
  const { data: devices } = useQueryMethod('devices.names', {}, { follows })
  const { data: connections } = useQueryMethod('connections.list', {}, { follows })
  return useMemo(() => {
    const list: TargetInfo[] = [
      ...(models ?? []).flatMap(({ deployments }) =>
        deployments.map((row) => ({
          target: row.target,
          name: row.environment === null ? row.name : `${row.name} in ${row.environment}`,
          path: pathOfTarget(row.target, row.modelId),
          modelId: row.modelId,
        })),
      ),
      ...(devices ?? []).map(({ id, name }) => ({
        target: { type: 'device' as const, id },
        name,
        path: pathOfTarget({ type: 'device', id }, null),
        modelId: null,
      })),
      ...(connections ?? []).map(({ record }) => ({
        target: { type: 'connection' as const, id: record.id },
        name: record.name,
        path: pathOfTarget({ type: 'connection', id: record.id }, null),
        modelId: null,
      })),
    ]
    return { list, byId: new Map(list.map((info) => [info.target.id, info])) }
  }, [models, devices, connections])
}

/** What a target is called; its id until that is known. */
export function nameOfTarget(byId: ReadonlyMap<string, TargetInfo>, target: Target): string {
  return byId.get(target.id)?.name ?? target.id
}
