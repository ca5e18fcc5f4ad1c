import type { Alert } from '../../contract/alert.ts'
import type { OutputOf } from '../../contract/api.ts'
import type { Window } from '../../contract/primitives.ts'
import { RpcError } from '../../contract/rpc.ts'
import { judgeIncident } from '../../rules/incident-verdict.ts'
import type { ServiceContext } from '../context.ts'
import { currentFindings } from '../monitoring/current-findings.ts'
import { deviceEvents } from '../monitoring/device-events.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

type Timeline = OutputOf<'timeline.get'>
type Mark = Timeline['marks'][number]
type Span = Timeline['spans'][number]

const actionWords = {
  notify: 'Notification',
  retrain: 'Retraining',
  switch: 'Switch',
  'roll-back': 'Roll-back',
  release: 'Release',
} as const

function ofAlert(alert: Alert, now: number): { mark: Mark; span: Span } {
  const to = alert.resolution?.at ?? now
  return {
    mark: { at: alert.openedAt, kind: 'alert', title: alert.title, path: `/alerts/${alert.id}` },
    span: { from: alert.beganAt, to: Math.max(to, alert.beganAt + 1), kind: 'breach', title: alert.title },
  }
}

/** Everything that happened to a deployment, on one axis: versions, actions, alerts, labels that people gave, and its device. */
export function createTimelineHandlers({ store, now }: Pick<ServiceContext, 'store' | 'now'>): HandlersOf<'timeline'> {
  const { records, audit } = store

  async function labelMarks(deploymentId: string): Promise<Mark[]> {
    const entries = await audit.list({
      limit: 200,
      before: null,
      action: 'review.label',
      subjectId: deploymentId,
      actorId: null,
    })
    return entries.map(({ entry }) => ({
      at: entry.at,
      kind: 'label',
      title: `Labels by ${entry.actor.name}`,
      path: null,
    }))
  }

  return {
    'timeline.get': async ({ deploymentId, window }) => {
      const item = await records.get('deployment', deploymentId)
      if (item === null) throw new RpcError('not-found', 'There is no such deployment')
      const { history, deviceId } = item.record
      const [versions, actions, alerts, labels, device, findings] = await Promise.all([
        records.list('version', { link: 'modelId', id: item.record.modelId }),
        records.list('action', { link: 'deploymentId', id: deploymentId }),
        records.list('alert'),
        labelMarks(deploymentId),
        deviceId === null ? { marks: [], spans: [] } : deviceEvents(store, deviceId, window),
        store.findings.latest({ type: 'deployment', id: deploymentId }),
      ])
      const nameOf = new Map(versions.map(({ record }) => [record.id, record.name]))
      const about = alerts
        .map(({ record }) => record)
        .filter(({ target }) => target.id === deploymentId || target.id === deviceId)
      const own = about.filter(({ target }) => target.type === 'deployment').map((alert) => ofAlert(alert, now()))
      const marks: Mark[] = [
        ...history.map(
          ({ versionId, from }): Mark => ({
            at: from,
            kind: 'version',
            title: `Version ${nameOf.get(versionId) ?? versionId}`,
            path: null,
          }),
        ),
        ...actions
          .filter(({ record }) => record.kind !== 'notify')
          .map(
            ({ record: { kind, state, requestedAt, finishedAt, alertId, releaseId } }): Mark => ({
              at: finishedAt ?? requestedAt,
              kind: 'action',
              title: `${actionWords[kind]} ${state}`,
              path: alertId !== null ? `/alerts/${alertId}` : releaseId !== null ? `/releases/${releaseId}` : null,
            }),
          ),
        ...own.map(({ mark }) => mark),
        ...labels,
        ...device.marks,
      ]
      const spans = [...own.map(({ span }) => span), ...device.spans]
      return {
        marks: marks.filter(({ at }) => at >= window.from && at < window.to).sort((a, b) => a.at - b.at),
        spans: spans.flatMap((span) => cut(span, window)).sort((a, b) => a.from - b.from),
        verdict: judgeIncident({
          alerts: about,
          findings: currentFindings(findings),
          // The first version known changed nothing.
          versionChanges: history.slice(1).map(({ versionId, from }) => ({
            at: from,
            name: nameOf.get(versionId) ?? versionId,
          })),
          hasDevice: deviceId !== null,
          window,
          now: now(),
        }),
      }
    },
  }
}

/** The part of a span that lies in the window. */
function cut(span: Span, window: Window): Span[] {
  const [from, to] = [Math.max(span.from, window.from), Math.min(span.to, window.to)]
  return from < to ? [{ ...span, from, to }] : []
}
