import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InputOf, MethodName, OutputOf } from '../../src/contract/api.ts'
import type { Target } from '../../src/contract/finding.ts'
import type { Caller } from '../../src/contract/user.ts'
import { readAddresses } from '../../src/demo/programs/addresses.ts'
import { demoAccounts, passwordOf } from '../../src/demo/setup/people.ts'
import { openConsole } from '../../src/server/compose.ts'
import { dispatcherOf } from '../../src/server/headless-program.ts'
import type { ConsoleService } from '../../src/service/console-service.ts'
import { openKeyFileVault } from '../../src/service/proof/secrets.ts'
import type { Dispatcher } from '../../src/service/rpc/dispatcher.ts'

const workspacePath = mkdtempSync(join(tmpdir(), 'demo-'))
const demoFolder = join(workspacePath, 'demo')
const faults: string[] = []
const log = pino({ level: 'warn' }, { write: (line) => void faults.push(line) })

/** The demo as people use it, by their passwords, without a page. */
class Console {
  private readonly service: ConsoleService
  private readonly dispatcher: Dispatcher
  private readonly callers = new Map<string, Caller>()

  private constructor(service: ConsoleService) {
    this.service = service
    this.dispatcher = dispatcherOf(service, log)
  }

  static async open(): Promise<Console> {
    const vault = await openKeyFileVault(join(workspacePath, 'secrets'))
    const workerEntry = new URL('../../src/server/worker.ts', import.meta.url)
    return new Console(await openConsole({ workspacePath, isDemo: true, log, vault, workerEntry }))
  }

  private async signIn(login: string): Promise<Caller> {
    const visitor: Caller = { userId: null, name: 'visitor', roles: ['visitor'] }
    const context = { caller: visitor, signal: new AbortController().signal, connectionId: 'test', sessionId: null }
    const reply = (await this.dispatcher.invoke(
      'session.signIn',
      { login, password: passwordOf(login) },
      context,
    )) as OutputOf<'session.signIn'>
    if (reply.status !== 'signed-in') throw new Error(reply.message)
    const redeemed = this.service.sessions.redeem(reply.ticket)
    if (redeemed === null) throw new Error('the ticket is not good')
    return redeemed.session.caller
  }

  async call<M extends MethodName>(login: string, method: M, input: InputOf<M>): Promise<OutputOf<M>> {
    const caller = this.callers.get(login) ?? (await this.signIn(login))
    this.callers.set(login, caller)
    const context = { caller, signal: new AbortController().signal, connectionId: 'test', sessionId: null }
    return (await this.dispatcher.invoke(method, input, context)) as OutputOf<M>
  }

  close = () => this.service.close()
}

async function until<T>(what: string, look: () => Promise<T>, isDone: (value: T) => boolean, ms = 120_000): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await look()
    if (isDone(value)) return value
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}: ${JSON.stringify(value).slice(0, 2000)}`)
    await pause(500)
  }
}

async function happens(event: string): Promise<void> {
  const { control } = await readAddresses(demoFolder)
  const response = await fetch(`${control.url}/story`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control.token}` },
    body: JSON.stringify({ event }),
  })
  expect(response.status).toBe(200)
}

describe('the demo', () => {
  let console: Console
  let production: Target & { type: 'deployment' }
  let camera: Target & { type: 'device' }
  let modelId: string
  let openedAt: number

  const lastMinutes = () => ({ from: Date.now() - 300_000, to: Date.now() + 1000 })
  const openAlerts = async (target: Target | null) =>
    (
      await console.call('marta', 'alerts.list', { states: ['open', 'acknowledged'], target, limit: 100, cursor: null })
    ).items.map(({ record }) => record)
  const connectionNamed = async (key: string) => {
    const found = (await console.call('oriol', 'connections.list', {})).find(({ record }) => record.key === key)
    if (!found) throw new Error(`there is no connection ${key}`)
    return found
  }
  const model = () => console.call('oriol', 'models.get', { id: modelId })
  const deploymentOf = async (key: string) => {
    const found = (await model()).deployments.find(({ record }) => record.key === key)
    if (!found) throw new Error(`there is no deployment ${key}`)
    return found.record
  }

  beforeAll(async () => {
    process.env.ASSAY_DEMO_DAYS = '3'
    process.env.ASSAY_DEMO_SCHEDULE = 'off'
    console = await Console.open()
    openedAt = Date.now()
    const [{ model: found }] = await console.call('oriol', 'models.list', {})
    modelId = found.id
    production = { type: 'deployment', id: (await deploymentOf('cat-dog-production')).id }
    camera = { type: 'device', id: (await console.call('oriol', 'devices.names', {}))[0].id }
  }, 300_000)

  afterAll(async () => {
    await console.close()
    rmSync(workspacePath, { recursive: true, force: true })
  }, 60_000)

  it('has people, days of history with their answers, and a certified version in production', async () => {
    expect(demoAccounts().map(({ role }) => role)).toContain('Auditor')
    expect((await console.call('teresa', 'users.list', {})).length).toBe(5)
    const { versions, certifiedVersionIds, datasets } = await model()
    const nameOf = (id: string) => versions.find(({ record }) => record.id === id)?.record.name
    expect(versions.map(({ record }) => record.name).sort()).toEqual(['0.9.0', '1.0.0'])
    expect(nameOf((await deploymentOf('cat-dog-production')).versionId)).toBe('1.0.0')
    expect(certifiedVersionIds.map(nameOf)).toEqual(['1.0.0'])
    expect(new Set(datasets.map(({ record }) => record.role))).toEqual(new Set(['training', 'test', 'reference']))
    const month = { from: Date.now() - 4 * 86_400_000, to: Date.now() }
    const series = await console.call('marta', 'findings.series', {
      target: production,
      kind: 'performance',
      subject: { metric: 'accuracy' },
      window: month,
    })
    expect(series.filter(({ value }) => value !== null && value > 0.9).length).toBeGreaterThanOrEqual(2)
    const { isIntact } = await console.call('teresa', 'audit.verify', {})
    expect(isIntact).toBe(true)
    expect(await openAlerts(null)).toEqual([])
  }, 60_000)

  it('takes in what the camera, its box and the keeper send', async () => {
    const live = await until(
      'labelled samples',
      () =>
        console.call('marta', 'samples.list', {
          deploymentId: production.id,
          window: { from: openedAt, to: Date.now() + 1000 },
          filter: { isLabelled: true },
        }),
      ({ items }) => items.length >= 50,
    )
    expect(live.items.every(({ label, latencyMs }) => label !== null && latencyMs !== null)).toBe(true)
    const kinds = ['temperature', 'humidity', 'pressure', 'accelerometerX', 'gyroscopeY', 'magnetometerZ']
    const telemetry = await console.call('oriol', 'telemetry.series', {
      deviceId: camera.id,
      channels: kinds,
      window: lastMinutes(),
    })
    expect(telemetry.map(({ points }) => points > 3)).toEqual(kinds.map(() => true))
    expect((await console.call('oriol', 'deadLetters.list', { connectionId: null })).items).toEqual([])
    const states = (await console.call('oriol', 'connections.list', {})).map(({ state }) => state.problem)
    expect(states.filter((problem) => problem !== null)).toEqual([])
  }, 120_000)

  it('raises drift, performance and device alerts when night, knock and new breeds come', async () => {
    for (const event of ['night', 'knock', 'new-breed']) await happens(event)
    const kinds = (alerts: Awaited<ReturnType<typeof openAlerts>>) => new Set(alerts.map(({ kind }) => kind))
    const alerts = await until(
      'alerts',
      async () => [...(await openAlerts(production)), ...(await openAlerts(camera))],
      (found) => ['drift', 'performance', 'device'].every((kind) => kinds(found).has(kind as 'drift')),
      300_000,
    )
    expect(alerts.find(({ subject }) => subject.metric === 'accuracy')?.severity).toBe('critical')
    const { control } = await readAddresses(demoFolder)
    const pager = await until(
      'the pager',
      async () => {
        const response = await fetch(`${control.url}/webhook`, {
          headers: { authorization: `Bearer ${control.token}` },
        })
        return (await response.json()) as { heard: unknown[] }
      },
      ({ heard }) => heard.length > 0,
    )
    expect(pager.heard[0]).toMatchObject({ title: expect.any(String) })
  }, 330_000)

  it('retrains through the pipeline: a better candidate is registered and on the test server', async () => {
    const [alert] = (await openAlerts(production)).filter(({ subject }) => subject.metric === 'accuracy')
    const pipeline = await connectionNamed('retraining-pipeline')
    const { record } = await console.call('marta', 'actions.start', {
      kind: 'retrain',
      alertId: alert.id,
      deploymentId: production.id,
      connectionId: pipeline.record.id,
      targetVersionId: null,
      reason: 'The animals of the night are no longer told apart.',
    })
    const ended = await until(
      'the retraining',
      async () => (await console.call('marta', 'actions.get', { id: record.id })).record,
      ({ state }) => state !== 'requested' && state !== 'running',
      300_000,
    )
    expect(ended.state, `${ended.problem}\n${ended.log}`).toBe('succeeded')
    const { versions } = await model()
    const candidate = versions.find(({ record }) => record.name === '1.1.0')?.record
    const { accuracy, servedAccuracy } = candidate?.lineage.metricsAtTraining ?? {}
    expect(accuracy).toBeGreaterThan(servedAccuracy)
    expect((await deploymentOf('cat-dog-test')).versionId).toBe(candidate?.id)
  }, 330_000)

  it('releases the candidate through the deploy step, and the accuracy recovers', async () => {
    const { versions } = await model()
    const versionId = versions.find(({ record }) => record.name === '1.1.0')?.record.id ?? ''
    const [plan] = await console.call('quim', 'testPlans.list', { modelId })
    const { record: submitted } = await console.call('oriol', 'releases.submit', {
      modelId,
      versionId,
      testDeploymentId: (await deploymentOf('cat-dog-test')).id,
      productionDeploymentId: production.id,
      planId: plan.record.id,
      reason: 'It has learned the night.',
    })
    const { id } = submitted
    const look = async () => (await console.call('quim', 'releases.get', { id })).release
    await console.call('oriol', 'releases.runTests', { id, revision: (await look()).revision })
    const tested = await until('the test run', look, ({ record }) => record.state !== 'testing')
    const { runs } = await console.call('quim', 'releases.get', { id })
    expect(runs.at(-1)?.state, JSON.stringify(runs.at(-1)?.gates.map(({ message }) => message))).toBe('passed')
    await console.call('quim', 'releases.certify', {
      id,
      revision: tested.revision,
      decision: 'certified',
      testRunId: tested.record.testRunIds.at(-1) ?? '',
      signature: { meaning: 'review', reason: 'All gates are closed.', password: passwordOf('quim') },
    })
    await console.call('marta', 'releases.approve', {
      id,
      revision: (await look()).revision,
      signature: { meaning: 'approval', reason: 'The night needs it.', password: passwordOf('marta') },
    })
    await console.call('marta', 'releases.release', {
      id,
      revision: (await look()).revision,
      connectionId: (await connectionNamed('deploy-step')).record.id,
      reason: 'Before the night comes again.',
    })
    await until('the release', look, ({ record }) => record.state === 'released')
    const releasedAt = Date.now()
    expect((await deploymentOf('cat-dog-production')).versionId).toBe(versionId)
    const recovered = await until(
      'accuracy on the new version',
      async () =>
        (
          await console.call('marta', 'findings.series', {
            target: production,
            kind: 'performance',
            subject: { metric: 'accuracy' },
            window: { from: releasedAt, to: Date.now() + 1000 },
          })
        ).at(-1),
      (finding) => finding !== undefined && finding.n > 300 && finding.status !== 'breach',
    )
    expect(recovered?.value).toBeGreaterThan(0.88)
    await until(
      'the alert to be resolved',
      () => openAlerts(production),
      (alerts) => alerts.every(({ subject }) => subject.metric !== 'accuracy'),
    )
  }, 300_000)

  it('retrains as a program on this machine as well', async () => {
    const command = await connectionNamed('retraining-command')
    const { record } = await console.call('marta', 'actions.start', {
      kind: 'retrain',
      alertId: null,
      deploymentId: production.id,
      connectionId: command.record.id,
      targetVersionId: null,
      reason: 'To see that the command does what the pipeline does.',
    })
    const ended = await until(
      'the command',
      async () => (await console.call('marta', 'actions.get', { id: record.id })).record,
      ({ state }) => state !== 'requested' && state !== 'running',
      300_000,
    )
    expect(ended.state, `${ended.problem}\n${ended.log}`).toBe('succeeded')
    expect((await model()).versions.map(({ record }) => record.name)).toContain('1.2.0')
  }, 330_000)

  it('goes on where it was after a restart, and leaves no program behind', async () => {
    const { control, testServer } = await readAddresses(demoFolder)
    const before = await console.call('oriol', 'samples.list', { deploymentId: production.id, window: lastMinutes() })
    await console.close()
    for (const url of [control.url, testServer.url]) await expect(fetch(url)).rejects.toThrow()
    console = await Console.open()
    const newest = before.items[0].at
    const after = await until(
      'new samples',
      () =>
        console.call('oriol', 'samples.list', {
          deploymentId: production.id,
          window: { from: newest + 1, to: Date.now() + 1000 },
        }),
      ({ items }) => items.length > 20,
    )
    const { versions } = await model()
    const served = versions.find(({ record }) => record.name === '1.1.0')?.record.id
    expect(new Set(after.items.map(({ versionId }) => versionId))).toEqual(new Set([served]))
    expect((await console.call('teresa', 'users.list', {})).length).toBe(5)
    expect(faults.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)).toEqual([])
  }, 120_000)
})
