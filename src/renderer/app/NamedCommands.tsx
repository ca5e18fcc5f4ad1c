import { useMemo } from 'react'
import { useNavigate } from 'react-router'
import { pathOfTarget, pathTo } from '../data/paths.ts'
import { useQueryMethod } from '../rpc/hooks.ts'
import { type Command, useRegisterCommands } from './commands.tsx'

/** Deployments, devices, models and open alerts by name in the palette. */
export function NamedCommands() {
  const navigate = useNavigate()
  const overview = useQueryMethod('overview.get', {}).data
  const alerts = useQueryMethod(
    'alerts.list',
    { states: ['open', 'acknowledged'], target: null, limit: 100 },
    { follows: { records: ['alert'] } },
  ).data
  const commands = useMemo<Command[]>(() => {
    const rows = overview === undefined ? [] : [...overview.deployments, ...overview.devices]
    const models = new Map(
      rows.flatMap(({ modelId, modelName }) => (modelId === null ? [] : [[modelId, modelName ?? modelId] as const])),
    )
    return [
      ...[...models].map(([id, name]) => ({
        id: `model:${id}`,
        title: name,
        group: 'Models',
        run: () => void navigate(pathTo.model(id)),
      })),
      ...rows.map((row) => ({
        id: `target:${row.target.id}`,
        title: row.name,
        group: row.target.type === 'device' ? 'Devices' : 'Deployments',
        keywords: `${row.key} ${row.environment ?? ''} ${row.modelName ?? ''}`,
        run: () => void navigate(pathOfTarget(row.target, row.modelId)),
      })),
      ...(alerts?.items ?? []).map(({ record }) => ({
        id: `alert:${record.id}`,
        title: record.title,
        group: 'Alerts',
        keywords: `${record.severity} ${record.kind} ${record.state}`,
        run: () => void navigate(pathTo.alert(record.id)),
      })),
    ]
  }, [overview, alerts, navigate])
  useRegisterCommands(commands)
  return null
}
