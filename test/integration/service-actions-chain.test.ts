import { afterEach, describe, expect, it } from 'vitest'
import { reply, startServer } from '../../src/act/testing/http-server.ts'
import type { WireSample } from '../../src/contract/sample.ts'
import type { TestConsole } from '../support/console.ts'
import { openTestConsole } from '../support/console.ts'
import { hasMosquitto } from '../support/mosquitto.ts'
import {
  brokerConfig,
  createCleanUp,
  faultsOf,
  noLineage,
  openBroker,
  openClient,
  saveBroker,
  until,
  untilPhase,
} from './service-collection-room.ts'
import { drawPets, petSchema } from './service-monitoring-world.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())
const hourMs = 3_600_000

/** What runs where the model runs: it serves, tells its version, and is switched by a signed call. */
async function startServing() {
  const state = { version: '1.0.0', hooks: [] as string[] }
  const server = await startServer(({ method, url, body }, response) => {
    if (method === 'POST' && url === '/hook') {
      state.hooks.push(JSON.parse(body).event)
      return reply(response, 204, '')
    }
    if (method === 'POST' && url === '/rollouts') {
      state.version = JSON.parse(body).version
      return reply(response, 202, { id: 'r1' })
    }
    if (url === '/rollouts/r1') return reply(response, 200, { state: 'done' })
    if (url === '/v2') return reply(response, 200, { name: 'park', version: '1' })
    if (url.endsWith('/ready')) return reply(response, 200, { ready: true })
    reply(response, 200, { name: 'pets', versions: [state.version], inputs: [], outputs: [] })
  })
  cleanUp.later(server.close)
  return { ...server, state }
}

async function register(console: TestConsole) {
  const model = await console.call('models.create', {
    ...{ key: 'pets', name: 'Cat or dog', description: '', task: 'binary' },
  })
  const modelId = model.record.id
  const rows = drawPets({ n: 2000, seed: 1 })
  const lines = rows.map(({ size, light, gate, prediction, label }) => [size, light, gate, prediction, label].join(','))
  const digest = await console.upload(new TextEncoder().encode(['size,light,gate,said,label', ...lines].join('\n')))
  const { jobId } = await console.call('imports.dataset', {
    ...{ digest, fileName: 'reference.csv', modelId, name: 'Reference', role: 'reference' },
    columns: [
      { name: 'size', role: 'feature', type: 'numeric' },
      { name: 'light', role: 'feature', type: 'numeric' },
      { name: 'gate', role: 'group', type: 'categorical' },
      { name: 'said', role: 'prediction', type: 'categorical' },
      { name: 'label', role: 'label', type: 'categorical' },
    ],
  })
  const { result: referenceDatasetId } = await console.ended(jobId)
  const versions = await Promise.all(
    ['1.0.0', '2.0.0'].map(async (name) => {
      const file = await console.upload(new TextEncoder().encode(`weights of ${name}`))
      const artifacts = [{ name: 'weights.bin', digest: file, mediaType: 'application/octet-stream' }]
      return console.call('versions.register', {
        ...{ modelId, name, schema: petSchema, referenceDatasetId, artifacts, lineage: noLineage },
      })
    }),
  )
  return { modelId, versions: versions.map(({ record }) => record) }
}

async function addConnections(console: TestConsole, origin: string) {
  const save = async (
    key: string,
    config: Parameters<typeof console.call<'connections.save'>>[1]['connection']['config'],
  ) => {
    const connection = { key, name: key, isEnabled: true, config }
    const secrets: Record<string, string> = key === 'deployer' ? { 'deployer-hmac': 'a shared key' } : {}
    const saved = await console.call('connections.save', { id: null, revision: null, connection, secrets })
    return saved.record.id
  }
  const endpointId = await save('endpoint', {
    ...{
      kind: 'endpoint',
      url: origin,
      protocol: 'oip-v2',
      modelName: 'pets',
      modelVersion: null,
      auth: { kind: 'none' },
    },
  })
  const deployerId = await save('deployer', {
    kind: 'http-action',
    method: 'POST',
    url: `${origin}/rollouts`,
    headers: {},
    bodyTemplate: '{"deployment": {{deploymentKey}}, "version": {{targetVersionName}}, "reason": {{reason}}}',
    auth: { kind: 'none' },
    hmacSecret: 'deployer-hmac',
    poll: {
      ...{ url: `${origin}/rollouts/{{response.id}}`, everyMs: 200, statePath: 'state', resultPath: null },
      ...{ succeeded: ['done'], failed: ['broken'] },
    },
    timeoutMs: 10_000,
  })
  const hookId = await save('hook', { kind: 'webhook', url: `${origin}/hook`, hmacSecret: null })
  const { settings } = await console.call('settings.get', {})
  await console.call('settings.update', {
    revision: settings.revision,
    changes: { notifications: { desktop: true, webhookIds: [hookId] } },
  })
  return { endpointId, deployerId }
}

describe.skipIf(!hasMosquitto)('From a message to a recovery (skipped where mosquitto is absent)', () => {
  it('finds drift in what a broker brings, alerts, switches through HTTP, and sees the number recover', async () => {
    const serving = await startServing()
    const broker = await openBroker(cleanUp)
    const console = await openTestConsole()
    cleanUp.later(() => console.close())
    const { modelId, versions } = await register(console)
    const [first, second] = versions
    const { endpointId, deployerId } = await addConnections(console, serving.origin)
    const deployment = await console.call('deployments.create', {
      ...{ key: 'park', name: 'Park', modelId, versionId: first.id, environment: 'production', endpointId },
      ...{ deviceId: null, labelDelayMs: 0, retention: { rawDays: 30, maxSamples: null, profileDays: 365 } },
    })
    const target = { type: 'deployment' as const, id: deployment.record.id }
    const { record: connection } = await saveBroker(console, brokerConfig(broker.url))
    await untilPhase(console, connection.id, 'connected')
    const client = await openClient(cleanUp, broker.url)

    let sent = 0
    /** Publishes predictions of the last moments and waits until they are stored. */
    async function publish(n: number, seed: number, version: string, shift = 0) {
      const samples = drawPets({ n, seed, shift }).map(
        ({ prediction, label, ...inputs }, index): WireSample => ({
          ...{ id: `${seed}-${index}`, at: Date.now(), inputs, prediction, label, version },
        }),
      )
      await client.publishAsync('assay/deployments/park/samples', JSON.stringify(samples), { qos: 1 })
      sent += n
      await until(async () => {
        const { deployments } = await console.call('overview.get', {})
        return deployments[0].samplesLastDay === sent
      }, `${sent} samples`)
    }

    // The default monitor on drift, on demand alone and over the last hour.
    const [drift] = (await console.call('monitors.list', { target })).filter(({ record }) => record.kind === 'drift')
    const { id, createdAt: _, ...monitor } = drift.record
    await console.call('monitors.save', {
      ...{ id, revision: drift.revision },
      monitor: { ...monitor, schedule: null, everyNewItems: null, windowMs: hourMs },
    })
    const ask = async () => console.ended((await console.call('monitors.runNow', { id })).jobId)
    const alerts = async (state: 'open' | 'resolved') =>
      (await console.call('alerts.list', { states: [state], target })).items.filter(
        ({ record }) => record.subject.column === 'size',
      )

    await publish(200, 10, '1.0.0')
    await ask()
    expect(await alerts('open')).toEqual([])
    await publish(400, 11, '1.0.0', 2)
    await ask()
    // One breach could be a passing crowd.
    expect(await alerts('open')).toEqual([])
    await publish(200, 12, '1.0.0', 2)
    const { result: reportId } = await ask()
    const [opened] = await alerts('open')
    expect(opened.record).toMatchObject({ kind: 'drift', state: 'open', title: 'Size drifts on Park' })
    const report = await console.call('reports.get', { id: reportId ?? '' })
    expect(report.report.headline.text).toMatch(/size/i)
    expect((await console.call('overview.get', {})).headline.status).not.toBe('ok')
    await until(async () => serving.state.hooks.includes('alert.opened'), 'the webhook')

    // Somebody decides. The webhook's delivery may have changed the alert since it was listed.
    const seen = await console.call('alerts.get', { id: opened.record.id })
    expect(seen.findings.map(({ status }) => status)).toContain('breach')
    await console.call('alerts.acknowledge', { id: opened.record.id, revision: seen.revision })
    const { record: action } = await console.call('actions.start', {
      ...{ kind: 'switch', alertId: opened.record.id, deploymentId: target.id, connectionId: deployerId },
      ...{ targetVersionId: second.id, reason: 'the second version knows larger animals' },
    })
    const ended = await until(async () => {
      const { record } = await console.call('actions.get', { id: action.id })
      return record.finishedAt === null ? null : record
    }, 'the switch')
    expect(ended).toMatchObject({ state: 'succeeded', problem: null, recovery: { verdict: 'pending' } })
    expect(ended.recovery?.before).toBeGreaterThan(0.1)
    expect(serving.received.find(({ url }) => url === '/rollouts')?.headers['x-assay-signature']).toMatch(/^t=\d+,v1=/)

    // What runs now is judged by itself, not by what ran before.
    await publish(300, 13, '2.0.0')
    await ask()
    const { record: judged } = await console.call('actions.get', { id: action.id })
    expect(judged.recovery).toMatchObject({ verdict: 'recovered' })
    expect(judged.recovery?.after).toBeLessThan(0.1)
    await publish(50, 14, '2.0.0')
    await ask()
    const [resolved] = await alerts('resolved')
    expect(resolved.record.resolution).toMatchObject({ how: 'recovered', userId: null })

    const timeline = await console.call('timeline.get', {
      deploymentId: target.id,
      window: { from: Date.now() - hourMs, to: Date.now() + hourMs },
    })
    expect(timeline.marks.map(({ kind, title }) => `${kind}: ${title}`)).toEqual(
      expect.arrayContaining(['version: Version 2.0.0', 'action: Switch succeeded', 'alert: Size drifts on Park']),
    )
    expect(timeline.spans).toContainEqual(expect.objectContaining({ kind: 'breach', title: 'Size drifts on Park' }))
    const { deployments } = await console.call('overview.get', {})
    expect(deployments[0]).toMatchObject({ versionName: '2.0.0', samplesLastDay: sent })
    expect(faultsOf(console)).toEqual([])
  }, 120_000)
})
