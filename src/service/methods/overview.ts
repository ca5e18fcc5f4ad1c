import { workspaceHeadline } from '../../rules/headline.ts'
import type { ServiceContext } from '../context.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Health } from '../monitoring/health.ts'
import type { Collection } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

/** Devices on the first page; the others have a page of their own. */
const devicesShown = 12

const atRest = new Set(['released', 'superseded', 'rolled-back', 'withdrawn', 'refused'])

/** The first page: how everything is, from what is counted already. */
export function createOverviewHandlers(
  { store, now }: Pick<ServiceContext, 'store' | 'now'>,
  health: Health,
  fleet: Pick<Fleet, 'standings'>,
  collection: Pick<Collection, 'stateOf'>,
): HandlersOf<'overview'> {
  return {
    'overview.get': async () => {
      const [deployments, devices, connections, alerts, releases, facts] = await Promise.all([
        health.deployments(),
        fleet.standings(),
        store.records.list('connection'),
        store.records.list('alert'),
        store.records.list('release'),
        store.facts(),
      ])
      const shown = await health.rowsOf(
        devices.slice(0, devicesShown).map(({ id }) => ({ type: 'device' as const, id })),
      )
      const states = connections.map(({ record }) => collection.stateOf(record))
      const waiting = alerts.filter(({ record }) => record.state === 'open' || record.state === 'acknowledged')
      const critical = waiting.filter(({ record }) => record.severity === 'critical').length
      const openAlerts = { critical, warning: waiting.length - critical }
      const names = new Map(connections.map(({ record }) => [record.id, record.name]))
      return {
        headline: workspaceHeadline({
          deployments,
          // Only the sentence of the worst is said; of the others, that there are so many.
          devices: devices.map(({ name, status }, index) => ({
            name,
            headline: shown[index]?.headline ?? { status, text: '' },
          })),
          connectionProblems: states.flatMap(({ connectionId, phase, problem }) =>
            problem !== null && (phase === 'failed' || phase === 'degraded')
              ? [{ name: names.get(connectionId) ?? connectionId, problem }]
              : [],
          ),
          openAlerts,
        }),
        deployments,
        devices: shown,
        deviceCount: devices.length,
        connections: states,
        openAlerts,
        releasesInProgress: releases.filter(({ record }) => !atRest.has(record.state)).length,
        storedSamples: facts.samples,
        now: now(),
      }
    },
  }
}
