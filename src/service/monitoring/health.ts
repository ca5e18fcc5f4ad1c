import type { Alert } from '../../contract/alert.ts'
import type { HealthRow } from '../../contract/api/workspace.ts'
import type { Device } from '../../contract/device.ts'
import type { Finding, Target } from '../../contract/finding.ts'
import type { Deployment, Model, Version } from '../../contract/model.ts'
import { deploymentHeadline, deviceHeadline } from '../../rules/headline.ts'
import { matchLimit } from '../../rules/limits.ts'
import type { ServiceContext } from '../context.ts'
import { createActivity } from './activity.ts'
import { currentFindings } from './current-findings.ts'
import { leadingFindings } from './leading.ts'
import { activeThresholdSet } from './limits-in-force.ts'

/** How deployments and devices are doing: from findings, alerts and counts, so that it costs the same whatever is stored. */
export interface Health {
  /** A row for each target that exists, in the order given. Endpoints have none of their own: they show with what they serve. */
  rowsOf(targets: readonly Target[]): Promise<HealthRow[]>
  deployments(): Promise<HealthRow[]>
}

/** A device says nothing for this many of its shortest rhythms (and at least a minute): it is silent. */
const silentRhythms = 5

/** When a device is called silent; null where none of its channels has a rhythm. */
export function silentAfterMsOf({ channels }: Pick<Device, 'channels'>): number | null {
  const rhythms = channels.flatMap(({ expectedEveryMs }) => expectedEveryMs ?? [])
  return rhythms.length === 0 ? null : Math.max(60_000, silentRhythms * Math.min(...rhythms))
}

export function createHealth({ store, now }: Pick<ServiceContext, 'store' | 'now'>): Health {
  const { records, findings } = store
  const activity = createActivity(store)

  /** What the rows of deployments share, read once. */
  async function readSurroundings() {
    const [models, versions, deployments, alerts, certificates] = await Promise.all([
      records.list('model'),
      records.list('version'),
      records.list('deployment'),
      records.list('alert'),
      records.list('certificate'),
    ])
    const byId = <T extends { id: string }>(list: readonly { record: T }[]) =>
      new Map(list.map(({ record }) => [record.id, record]))
    const open = alerts.map(({ record }) => record).filter((alert) => alert.state !== 'resolved')
    return {
      at: now(),
      models: byId<Model>(models),
      versions: byId<Version>(versions),
      deployments: byId<Deployment>(deployments),
      openAlerts: Map.groupBy(open, (alert) => alert.target.id),
      certified: new Set(
        certificates
          .filter(({ record }) => record.decision === 'certified' && record.predicate.validUntil > now())
          .map(({ record }) => record.versionId),
      ),
    }
  }
  type Surroundings = Awaited<ReturnType<typeof readSurroundings>>

  const alertsOf = ({ openAlerts }: Surroundings, id: string | null): readonly Alert[] =>
    id === null ? [] : (openAlerts.get(id) ?? [])

  async function rowOfDeployment(deployment: Deployment, around: Surroundings): Promise<HealthRow> {
    const target: Target = { type: 'deployment', id: deployment.id }
    const { endpointId, deviceId } = deployment
    const [own, ofEndpoint, device, sets, { counts, lastDay, lastSeenAt }] = await Promise.all([
      findings.latest(target),
      endpointId === null ? [] : findings.latest({ type: 'connection', id: endpointId }),
      deviceId === null ? null : records.get('device', deviceId),
      records.list('thresholdSet', { target }),
      activity.ofDeployment(deployment.id, around.at),
    ])
    const all: Finding[] = currentFindings([...own, ...ofEndpoint])
    const alerts = [...alertsOf(around, deployment.id), ...alertsOf(around, endpointId)]
    const model = around.models.get(deployment.modelId)
    const limits = activeThresholdSet(sets, target)?.record.limits ?? []
    const freshness = matchLimit(limits, 'integrity', { metric: 'freshnessMs' })
    return {
      target,
      key: deployment.key,
      name: deployment.name,
      environment: deployment.environment,
      modelId: deployment.modelId,
      modelName: model?.name ?? null,
      versionName: around.versions.get(deployment.versionId)?.name ?? null,
      isCertified: around.certified.has(deployment.versionId),
      headline: deploymentHeadline({
        name: deployment.name,
        environment: deployment.environment,
        findings: all,
        alerts,
        device: device === null ? null : { name: device.record.name, alerts: alertsOf(around, deviceId) },
        lastSampleAt: lastSeenAt,
        silentAfterMs: freshness?.subject.metric === 'freshnessMs' ? freshness.breach : null,
        now: around.at,
      }),
      leading: leadingFindings(all),
      samplesLastDay: lastDay,
      lastSeenAt,
      openAlerts: alerts.length,
      activity: [...counts],
    }
  }

  async function rowOfDevice(device: Device, at: number): Promise<HealthRow> {
    const target: Target = { type: 'device', id: device.id }
    const [newest, own, { counts, lastDay, lastSeenAt }] = await Promise.all([
      findings.latest(target),
      records.list('alert', { target }),
      activity.ofDevice(device.id, at),
    ])
    const latest = currentFindings(newest)
    const alerts = own.map(({ record }) => record).filter(({ state }) => state !== 'resolved')
    return {
      target,
      key: device.key,
      name: device.name,
      environment: null,
      modelId: null,
      modelName: null,
      versionName: null,
      isCertified: false,
      headline: deviceHeadline({
        name: device.name,
        findings: latest,
        alerts,
        lastSeenAt,
        silentAfterMs: silentAfterMsOf(device),
        now: at,
      }),
      leading: leadingFindings(latest),
      samplesLastDay: lastDay,
      lastSeenAt,
      openAlerts: alerts.length,
      activity: [...counts],
    }
  }

  async function rowsOf(targets: readonly Target[]): Promise<HealthRow[]> {
    const around = targets.some(({ type }) => type === 'deployment') ? await readSurroundings() : null
    const at = now()
    const found = await Promise.all(
      targets.map(async ({ type, id }) => {
        const deployment = type === 'deployment' ? around?.deployments.get(id) : undefined
        if (around !== null && deployment !== undefined) return await rowOfDeployment(deployment, around)
        const device = type === 'device' ? await records.get('device', id) : null
        return device === null ? null : await rowOfDevice(device.record, at)
      }),
    )
    return found.filter((row) => row !== null)
  }

  return {
    rowsOf,
    async deployments() {
      const deployments = await records.list('deployment')
      return await rowsOf(deployments.map(({ record }) => ({ type: 'deployment', id: record.id })))
    },
  }
}
