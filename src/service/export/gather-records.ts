import type { Connection } from '../../contract/connection.ts'
import type { RecordKind, Revisioned } from '../../contract/records.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Store } from '../../store/store.ts'
import { type ExportOrder, maxAlerts } from './order.ts'
import type { ExportedKind, ExportedRecords } from './shape.ts'

export interface GatheredRecords {
  readonly records: ExportedRecords
  /** Entries of the log by which these records came to be as they are. */
  readonly indexes: ReadonlySet<number>
  /** Ids that entries without changes are looked up by. */
  readonly subjects: ReadonlySet<string>
}

/** Kinds of which every revision is shown, since each was somebody's decision. */
const tellsAll: ReadonlySet<ExportedKind> = new Set(['release', 'testPlan', 'testRun', 'certificate', 'settings'])

/** Where a connection leads, without what may be secret in its address: user, password, query, and all but the host of a webhook. */
export function urlOf({ config }: Pick<Connection, 'config'>): string | null {
  if (!('url' in config)) return null
  const [, origin = '', path = ''] = /^([a-z]+:\/\/[^/?#]*)([^?#]*)/i.exec(config.url) ?? []
  const place = origin.replace(/\/\/.*@/, '//')
  return config.kind === 'webhook' ? place : place + path
}

/** Explanations of single predictions that an export carries of a deployment, the newest. */
const maxExplanations = 200

/** Collects records as of a size of the log, each once. */
function createCollector({ records: store }: Pick<Store, 'records'>, size: number) {
  const found: ExportedRecords = {
    settings: [],
    user: [],
    model: [],
    dataset: [],
    version: [],
    device: [],
    deployment: [],
    monitor: [],
    thresholdSet: [],
    explanation: [],
    alert: [],
    action: [],
    testPlan: [],
    testRun: [],
    release: [],
    certificate: [],
    connections: [],
  }
  const indexes = new Set<number>()
  const seen = new Set<string>()
  const connectionIds = new Set<string>()

  /** The record as it was then; null when it was not there yet. Seen twice it is taken once. */
  async function take<K extends ExportedKind>(kind: K, id: string | null): Promise<Revisioned<K>['record'] | null> {
    if (id === null) return null
    const list = found[kind] as Revisioned<K>[]
    if (seen.has(`${kind}/${id}`)) return list.find(({ record }) => record.id === id)?.record ?? null
    seen.add(`${kind}/${id}`)
    const history = (await store.history(kind, id)).filter(({ auditIndex }) => auditIndex < size)
    const last = history.at(-1)
    if (last === undefined) return null
    for (const { auditIndex } of tellsAll.has(kind) ? history : [last]) indexes.add(auditIndex)
    list.push({ revision: last.revision, record: last.record })
    return last.record
  }

  async function takeConnection(id: string | null): Promise<void> {
    if (id === null || connectionIds.has(id)) return
    connectionIds.add(id)
    const connection = await store.get('connection', id)
    if (connection === null) return
    const { record } = connection
    found.connections.push({ id, name: record.name, kind: record.config.kind, url: urlOf(record) })
  }

  return { found, indexes, take, takeConnection }
}

type Collector = ReturnType<typeof createCollector>

async function takeVersion({ take }: Collector, id: string | null): Promise<void> {
  const version = await take('version', id)
  if (version !== null) await take('dataset', version.referenceDatasetId)
}

async function takeDeployment(collector: Collector, id: string): Promise<string | null> {
  const deployment = await collector.take('deployment', id)
  if (deployment === null) return null
  await takeVersion(collector, deployment.versionId)
  await collector.take('device', deployment.deviceId)
  await collector.takeConnection(deployment.endpointId)
  return deployment.deviceId
}

async function takeAction(collector: Collector, id: string): Promise<void> {
  const action = await collector.take('action', id)
  if (action === null) return
  await collector.take('user', action.requestedBy)
  await collector.takeConnection(action.connectionId)
}

/** Monitors, limits in force, alerts and their actions of what is watched. */
async function takeWatched(collector: Collector, { records }: Pick<Store, 'records'>, targets: ReadonlySet<string>) {
  for (const { record } of await records.list('monitor'))
    if (targets.has(record.target.id)) await collector.take('monitor', record.id)
  for (const { record } of await records.list('thresholdSet'))
    if (targets.has(record.target.id) && record.isActive) {
      await collector.take('thresholdSet', record.id)
      await collector.take('user', record.authorId)
    }
  for (const id of targets) {
    const explained = await records.list('explanation', { link: 'deploymentId', id })
    for (const { record } of explained.slice(-maxExplanations)) {
      const kept = await collector.take('explanation', record.id)
      if (kept === null) continue
      await collector.take('version', kept.versionId)
      await collector.take('user', kept.askedBy)
    }
  }
  const alerts = (await records.list('alert')).filter(({ record }) => targets.has(record.target.id)).slice(-maxAlerts)
  for (const { record } of alerts) {
    const alert = await collector.take('alert', record.id)
    if (alert === null) continue
    await collector.take('user', alert.assigneeId)
    await collector.take('user', alert.resolution?.userId ?? null)
    for (const comment of alert.comments) await collector.take('user', comment.userId)
    for (const actionId of alert.actionIds) await takeAction(collector, actionId)
  }
}

async function takeRelease(collector: Collector, id: string): Promise<string[]> {
  const { take } = collector
  const release = await take('release', id)
  if (release === null) throw new RpcError('not-found', `There is no release ${id}`)
  await take('model', release.modelId)
  await takeVersion(collector, release.versionId)
  await takeVersion(collector, release.fromVersionId)
  const plan = await take('testPlan', release.planId)
  await take('user', plan?.authorId ?? null)
  await take('dataset', plan?.datasetId ?? null)
  for (const runId of release.testRunIds) {
    const run = await take('testRun', runId)
    await take('user', run?.startedBy ?? null)
  }
  await take('certificate', release.certificateId)
  const people = [release.submittedBy, release.certification?.userId, release.approval?.userId]
  for (const userId of [...people, ...release.history.map((step) => step.userId)]) await take('user', userId ?? null)
  for (const actionId of release.actionIds) await takeAction(collector, actionId)
  const devices = [
    await takeDeployment(collector, release.testDeploymentId),
    await takeDeployment(collector, release.productionDeploymentId),
  ]
  return [release.productionDeploymentId, ...devices.filter((deviceId) => deviceId !== null)]
}

/** Everything that the releases rest on, as it stood when the log was signed. */
export async function gatherRecords(store: Pick<Store, 'records'>, order: ExportOrder): Promise<GatheredRecords> {
  const collector = createCollector(store, order.checkpoint.size)
  await collector.take('settings', 'set_workspace')
  await collector.take('user', order.exportedBy.id)
  const targets = new Set<string>()
  for (const id of order.releaseIds) for (const target of await takeRelease(collector, id)) targets.add(target)
  await takeWatched(collector, store, targets)
  const { found, indexes } = collector
  const subjects = new Set<string>(
    (['release', 'testPlan', 'alert', 'action'] as const satisfies readonly RecordKind[]).flatMap((kind) =>
      found[kind].map(({ record }) => record.id),
    ),
  )
  return { records: found, indexes, subjects }
}
