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
  devices(): Promise<HealthRow[]>
}

/** A device says nothing for this many of its shortest rhythms (and at least a minute): it is silent. */
const silentRhythms = 5

export function createHealth({ store, now }: Pick<ServiceContext, 'store' | 'now'>): Health {
  const { records, findings } = store
  const activity = createActivity(store)

  /** What the rows share, read once. */
  async function readSurroundings() {
    const [models, versions, devices, deployments, alerts, certificates, sets] = await Promise.all([
      records.list('model'),
      records.list('version'),
      records.list('device'),
      records.list('deployment'),
      records.list('alert'),
      records.list('certificate'),
      records.list('thresholdSet'),
    ])
    const byId = <T extends { id: string }>(list: readonly { record: T }[]) =>
      new Map(list.map(({ record }) => [record.id, record]))
    const open = alerts.map(({ record }) => record).filter((alert) => alert.state !== 'resolved')
    return {
      at: now(),
      models: byId<Model>(models),
      versions: byId<Version>(versions),
      devices: byId<Device>(devices),
      deployments: byId<Deployment>(deployments),
      openAlerts: Map.groupBy(open, (alert) => alert.target.id),
      certified: new Set(
        certificates
          .filter(({ record }) => record.decision === 'certified' && record.predicate.validUntil > now())
          .map(({ record }) => record.versionId),
      ),
      sets,
    }
  }
  type Surroundings = Awaited<ReturnType<typeof readSurroundings>>

  const alertsOf = ({ openAlerts }: Surroundings, id: string | null): readonly Alert[] =>
    id === null ? [] : (openAlerts.get(id) ?? [])

  async function rowOfDeployment(deployment: Deployment, around: Surroundings): Promise<HealthRow> {
    const target: Target = { type: 'deployment', id: deployment.id }
    const { endpointId, deviceId } = deployment
    const [own, ofEndpoint, { counts, lastDay, lastSeenAt }] = await Promise.all([
      findings.latest(target),
      endpointId === null ? [] : findings.latest({ type: 'connection', id: endpointId }),
      activity.ofDeployment(deployment.id, around.at),
    ])
    const all: Finding[] = currentFindings([...own, ...ofEndpoint])
    const alerts = [...alertsOf(around, deployment.id), ...alertsOf(around, endpointId)]
    const device = deviceId === null ? undefined : around.devices.get(deviceId)
    const model = around.models.get(deployment.modelId)
    const limits = activeThresholdSet(around.sets, target)?.record.limits ?? []
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
        device: device === undefined ? null : { name: device.name, alerts: alertsOf(around, device.id) },
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

  async function rowOfDevice(device: Device, around: Surroundings): Promise<HealthRow> {
    const target: Target = { type: 'device', id: device.id }
    const [newest, { counts, lastDay, lastSeenAt }] = await Promise.all([
      findings.latest(target),
      activity.ofDevice(device.id, around.at),
    ])
    const latest = currentFindings(newest)
    const alerts = alertsOf(around, device.id)
    const rhythms = device.channels.flatMap(({ expectedEveryMs }) => expectedEveryMs ?? [])
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
        silentAfterMs: rhythms.length === 0 ? null : Math.max(60_000, silentRhythms * Math.min(...rhythms)),
        now: around.at,
      }),
      leading: leadingFindings(latest),
      samplesLastDay: lastDay,
      lastSeenAt,
      openAlerts: alerts.length,
      activity: [...counts],
    }
  }

  async function rows(targets: readonly Target[] | 'deployments' | 'devices'): Promise<HealthRow[]> {
    const around = await readSurroundings()
    const wanted: readonly Target[] =
      targets === 'deployments'
        ? [...around.deployments.keys()].map((id) => ({ type: 'deployment', id }))
        : targets === 'devices'
          ? [...around.devices.keys()].map((id) => ({ type: 'device', id }))
          : targets
    const found = await Promise.all(
      wanted.map(async ({ type, id }) => {
        const deployment = type === 'deployment' ? around.deployments.get(id) : undefined
        const device = type === 'device' ? around.devices.get(id) : undefined
        if (deployment !== undefined) return await rowOfDeployment(deployment, around)
        return device === undefined ? null : await rowOfDevice(device, around)
      }),
    )
    return found.filter((row) => row !== null)
  }

  return {
    rowsOf: (targets) => rows(targets),
    deployments: () => rows('deployments'),
    devices: () => rows('devices'),
  }
}
