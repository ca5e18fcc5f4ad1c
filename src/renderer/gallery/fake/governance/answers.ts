import type { InputOf, MethodName, OutputOf } from '../../../../contract/api.ts'
import { RpcError } from '../../../../contract/rpc.ts'
import { devices as deviceRows, findingOf } from '../park.ts'
import { actions, alerts, numberSeries } from './alerts.ts'
import { connections, deadLetters } from './connections.ts'
import { deviceReport, devices, telemetry } from './devices.ts'
import { logEntries, newestCheckpoint, proofOf } from './log.ts'
import { people, userNames } from './people.ts'
import { backTest, monitors, thresholdSets } from './policies.ts'
import { plan, releaseOf, releaseRows, releases } from './releases.ts'
import { qualification, settings } from './settings.ts'

const versionsOfDevice = { desired: '1.4.0', reported: { name: '1.4.0', at: 0 }, isAsDesired: true }

export type Answers = { [M in MethodName]?: (input: InputOf<M>) => OutputOf<M> | Promise<OutputOf<M>> }

export const revisioned = <T>(record: T) => ({ revision: 1, record })
export const pageOf = <T>(items: T[]) => ({ items, nextCursor: null, total: items.length })

export function found<T>(item: T | undefined): T {
  if (item === undefined) throw new RpcError('not-found', 'There is no such record')
  return item
}

function fleetOf(rows: typeof deviceRows): OutputOf<'devices.fleet'> {
  const byStatus = { ok: 0, warning: 0, breach: 0, insufficient: 0, unknown: 0 }
  for (const { headline } of rows) byStatus[headline.status] += 1
  const worst = rows.find(({ headline }) => headline.status !== 'ok') ?? rows[0]
  return {
    headline: worst?.headline ?? { status: 'unknown', text: 'No device is known yet.' },
    devices: rows.length,
    byStatus,
    groups: rows.length === 0 ? [] : [{ name: '', devices: rows.length }],
  }
}

/** What the pages of governance ask, over the same made-up park. */
export function governanceAnswers(base: Answers, isEmpty: boolean): Answers {
  return {
    'users.list': () => people.map(revisioned),
    'devices.list': () => ({
      nextCursor: null,
      total: isEmpty ? 0 : devices.length,
      items: isEmpty
        ? []
        : devices.map((device, index) => ({ device, health: deviceRows[index], versions: versionsOfDevice })),
    }),
    'devices.fleet': () => fleetOf(isEmpty ? [] : deviceRows),
    'devices.get': ({ id }) => ({
      device: revisioned(found(devices.find((device) => device.id === id))),
      health: found(deviceRows.find((row) => row.target.id === id)),
      versions: versionsOfDevice,
      deployments: [{ id: 'dep_production', name: 'cat-dog in production' }],
    }),
    'devices.save': () => {
      throw new RpcError('stale', 'The device was changed meanwhile')
    },
    'telemetry.series': ({ channels, window }) => telemetry(channels, window),
    'reports.latest': (input) => (input.kind === 'device' ? deviceReport : (base['reports.latest']?.(input) ?? null)),

    'alerts.list': ({ states, target }) =>
      pageOf(
        (isEmpty ? [] : alerts)
          .filter((alert) => states.includes(alert.state) && (target === null || alert.target.id === target.id))
          .map(revisioned),
      ),
    'alerts.get': ({ id }) => {
      const alert = found(alerts.find((each) => each.id === id))
      return {
        alert,
        revision: 3,
        findings: [
          findingOf(alert.kind, alert.subject, alert.kind === 'performance' ? 0.881 : 0.41, {
            id: 'fnd_last',
            status: 'breach',
            limit: { thresholdSetId: 'thr_1', warning: 0.92, breach: 0.9, direction: 'below' },
          }),
        ],
        actions: actions.filter(({ id: actionId }) => alert.actionIds.includes(actionId)),
        linked: alerts.filter((other) => alert.linkedAlertIds.includes(other.id)),
        userNames,
      }
    },
    'alerts.acknowledge': () => {
      throw new RpcError('stale', 'The alert was changed meanwhile')
    },
    'connections.list': () => (isEmpty ? [] : connections),
    'connections.test': async ({ config }) => {
      await new Promise((resolve) => setTimeout(resolve, 600))
      const facts: Record<string, string> = {
        server: 'park-server 1.2.0',
        latencyMs: '14',
        inputs: 'frame FP32 [-1, 3, 32, 32]',
      }
      return config.kind === 'endpoint'
        ? {
            isOk: true,
            message: 'The model cat-dog is ready',
            facts,
          }
        : { isOk: false, message: 'Nobody answers at that address: is the broker running?', facts: {} }
    },
    'connections.save': () => {
      throw new RpcError('stale', 'The connection was changed meanwhile')
    },
    'connections.createIngestToken': ({ key, name }) => ({
      connection: revisioned({ ...connections[3].record, key, name }),
      token: 'pQx7-made-up-in-the-gallery-0aT',
    }),
    'mappings.list': () => [],
    'mappings.ready': () => [],
    'deadLetters.list': () => pageOf(isEmpty ? [] : deadLetters),
    'thresholds.list': () => (isEmpty ? [] : thresholdSets.map(revisioned)),
    'thresholds.inForce': () => ({ limits: thresholdSets[0].limits, thresholdSetId: 'thr_3', notes: [] }),
    'thresholds.backTest': ({ limits }) => backTest(limits.length > 5 ? 2 : 0, 5),
    'thresholds.save': () => {
      throw new RpcError('conflict', 'These limits were drawn up on version 3; now there is version 4')
    },
    'monitors.list': () => (isEmpty ? [] : monitors),
    'monitors.save': () => {
      throw new RpcError('invalid-input', 'parameters: there is no field colour', {
        issues: [{ path: 'monitor.parameters.colour', message: 'is not known' }],
      })
    },
    'settings.get': () => settings,
    'qualification.get': () => qualification,
    'settings.update': () => {
      throw new RpcError('stale', 'The settings were changed meanwhile')
    },
    'testPlans.list': () => (isEmpty ? [] : [{ revision: 2, record: plan }]),
    'testPlans.save': () => {
      throw new RpcError('stale', 'The plan was changed meanwhile')
    },
    'releases.list': () => (isEmpty ? [] : releaseRows()),
    'releases.get': ({ id }) => releaseOf(found(releases.find((release) => release.id === id))),
    'releases.approve': () => {
      throw new RpcError('refused', 'The password is wrong')
    },
    'audit.list': async ({ subjectId = null, action = null, actorId = null }) =>
      pageOf(
        (await logEntries())
          .filter(
            ({ entry }) =>
              (subjectId === null || entry.subject?.id === subjectId) &&
              (action === null || entry.action === action) &&
              (actorId === null || entry.actor.id === actorId),
          )
          .reverse(),
      ),
    'audit.checkpoint': () => newestCheckpoint(),
    'audit.prove': ({ index }) => proofOf(index),
    'audit.verify': async () => {
      const { size, rootHash } = await newestCheckpoint()
      return { isIntact: true, size, rootHash, problem: null }
    },
    'findings.series': (input) => {
      const about = alerts.find(
        ({ target, subject }) =>
          target.id === input.target.id && JSON.stringify(subject) === JSON.stringify(input.subject),
      )
      return about === undefined ? (base['findings.series']?.(input) ?? []) : numberSeries(about, input.window)
    },
  }
}
