import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { retrainingResult } from '../../contract/outcome.ts'
import { type WireLabel, type WireSample, wireLabel, wireSample, wireTelemetry } from '../../contract/sample.ts'
import { calendarOf } from '../history/calendar.ts'
import { trainFirstModels } from '../history/first-models.ts'
import { PRODUCTION_KEY, RELEASED_VERSION, TOPIC_PREFIX } from '../park/names.ts'
import { carriesPicture } from '../park/sample.ts'
import { parkFolders } from '../pipeline/folders.ts'
import { openRegistry } from '../pipeline/registry.ts'
import { readAddresses } from '../programs/addresses.ts'
import {
  BROKER_USER,
  type FromPark,
  fromPark,
  type ParkSecrets,
  type ParkUrls,
  type ToPark,
} from '../programs/messages.ts'
import { endProgram, programFiles, startProgram } from '../programs/programs.ts'

const programs = programFiles({ demoFolder: new URL('../', import.meta.url) })
const folder = mkdtempSync(join(tmpdir(), 'park-'))
const secretOf = (name: string) => `${name}-0123456789abcdef`
const secrets: ParkSecrets = {
  brokerPassword: secretOf('broker'),
  serverToken: secretOf('server'),
  pipelineToken: secretOf('pipeline'),
  pipelineKey: secretOf('pipeline-key'),
  deployToken: secretOf('deploy'),
  deployKey: secretOf('deploy-key'),
  webhookKey: secretOf('webhook'),
  controlToken: secretOf('control'),
}
const start: ToPark = {
  type: 'start',
  folder,
  secrets,
  programs: { inference: programs.inference.href, retrain: programs.retrain.href },
}

const nextMessage = (child: ChildProcess, type: FromPark['type']) =>
  new Promise<FromPark>((resolve, reject) => {
    const listener = (raw: unknown) => {
      const message = fromPark.parse(raw)
      if (message.type === 'failed') reject(new Error(message.message))
      if (message.type !== type) return
      child.off('message', listener)
      resolve(message)
    }
    child.on('message', listener)
  })

async function until<T>(what: string, look: () => T | Promise<T>, isDone: (value: T) => boolean, ms = 60_000) {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await look()
    if (isDone(value)) return value
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}: ${JSON.stringify(value).slice(0, 500)}`)
    await pause(100)
  }
}

const sign = (key: string, body: string, at = Date.now()) =>
  `t=${at},v1=${createHmac('sha256', key).update(`${at}.${body}`).digest('hex')}`

/** Everything that the park's services answer with; each test looks at its part. */
interface Answer {
  readonly id: string
  readonly state: string
  readonly message: string
  readonly error: string
  readonly log: string[]
  readonly result: unknown
  readonly heard: unknown
  readonly versions: string[]
  readonly story: Record<string, number>
  readonly camera: unknown
}

async function post(
  url: string,
  token: string,
  key: string | null,
  body: object,
): Promise<{ status: number; body: Answer }> {
  const text = JSON.stringify(body)
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...(key && { 'x-assay-signature': sign(key, text) }) },
    body: text,
  })
  return { status: response.status, body: (await response.json()) as Answer }
}
const get = async (url: string, token: string) =>
  (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<Answer>

describe('the pet park', () => {
  let child: ChildProcess
  let urls: ParkUrls
  let ear: MqttClient
  const samples: WireSample[] = []
  const labels: WireLabel[] = []
  const channels = new Set<string>()

  beforeAll(async () => {
    const registry = await openRegistry(parkFolders(folder).artifacts)
    await trainFirstModels(calendarOf(Date.UTC(2026, 9, 20), 1), registry, () => {})
    child = startProgram(programs.park, [], { output: 'inherit' })
    const started = nextMessage(child, 'started')
    child.send(start)
    const message = await started
    if (message.type !== 'started') throw new Error('the park did not start')
    urls = message.urls
    ear = await connectAsync(urls.broker, { username: BROKER_USER, password: secrets.brokerPassword })
    ear.on('message', (topic, payload) => {
      const message: unknown = JSON.parse(payload.toString())
      if (topic.endsWith('/samples')) samples.push(wireSample.parse(message))
      else if (topic.endsWith('/labels')) labels.push(...wireLabel.array().parse(message))
      else for (const name of Object.keys(wireTelemetry.parse(message).values)) channels.add(name)
    })
    await ear.subscribeAsync(`${TOPIC_PREFIX}/#`, { qos: 1 })
    const opened = nextMessage(child, 'opened')
    const opening: ToPark = { type: 'open', firstSampleSeq: 7, firstTelemetrySeq: 0, isScheduled: false, speed: 2880 }
    child.send(opening)
    await opened
  }, 60_000)

  afterAll(async () => {
    ear.end(true)
    await endProgram(child)
    rmSync(folder, { recursive: true, force: true })
  })

  it('publishes predictions without a gap, six kinds of telemetry, and labels later', async () => {
    await until(
      'labels',
      () => labels.length,
      (n) => n > 100,
    )
    expect(samples.map(({ seq }) => seq)).toEqual(samples.map((_, index) => 7 + index))
    expect(new Set(samples.map(({ version }) => version))).toEqual(new Set(['0.9.0']))
    for (const { images, seq, scores } of samples) {
      expect(Boolean(images)).toBe(carriesPicture(Number(seq), Object.values(scores ?? {})))
    }
    expect([...channels].map((name) => name.replace(/[XYZ]$/, ''))).toContain('magnetometer')
    expect(new Set([...channels].map((name) => name.replace(/[XYZ]$/, ''))).size).toBe(6)
    const truth = new Map(labels.map(({ id, label }) => [id, label]))
    const known = samples.filter(({ id }) => truth.has(id))
    expect(known.filter(({ id, prediction }) => truth.get(id) === prediction).length / known.length).toBeGreaterThan(
      0.8,
    )
    expect(new Set(samples.map(({ id }) => id)).size).toBe(samples.length)
  }, 90_000)

  it('lets night, knock and new breeds be called, for who has the token', async () => {
    const { control } = await readAddresses(folder)
    expect((await post(`${control.url}/story`, 'wrong', null, { event: 'night' })).status).toBe(401)
    expect((await post(`${control.url}/story`, control.token, null, { event: 'flood' })).status).toBe(400)
    for (const event of ['night', 'knock', 'new-breed']) {
      expect((await post(`${control.url}/story`, control.token, null, { event })).status).toBe(200)
    }
    const { story, camera } = await get(`${control.url}/story`, control.token)
    expect(story.nightPenaltyFrom).toBeGreaterThan(0)
    expect(story.boxKnockAt).toBeGreaterThan(0)
    expect(camera).toEqual({ published: expect.any(Number), failed: 0 })
  })

  it('retrains on what it heard, serves the artifact and puts it on the test server', async () => {
    const { pipelineToken: token, pipelineKey: key } = secrets
    const body = { deployment: PRODUCTION_KEY, correlationId: 'call-1' }
    await until(
      'enough labels',
      () => labels.length,
      (n) => n > 260,
    )
    expect((await post(`${urls.systems}/pipeline/runs`, token, 'another key', body)).status).toBe(401)
    const first = await post(`${urls.systems}/pipeline/runs`, token, key, body)
    expect(first.status).toBe(202)
    const again = await post(`${urls.systems}/pipeline/runs`, token, key, body)
    expect(again.body.id).toBe(first.body.id)
    const other = await post(`${urls.systems}/pipeline/runs`, token, key, { ...body, correlationId: 'call-2' })
    expect(other.status).toBe(409)
    const run = await until(
      'the run',
      () => get(`${urls.systems}/pipeline/runs/${first.body.id}`, token),
      ({ state }) => state !== 'running',
      // It may train up to five times, and labels come half a minute after their frames.
      300_000,
    )
    expect(run.state, run.log.join('\n')).toBe('succeeded')
    const result = retrainingResult.parse(run.result)
    expect(result.version).toBe('1.1.0')
    expect(result.lineage?.sourceCommit).toMatch(/^[0-9a-f]{40}$/)
    expect(result.lineage?.metricsAtTraining?.servedAccuracy).toBeGreaterThan(0.5)
    const [artifact] = result.artifacts
    expect((await fetch(artifact.location)).status).toBe(401)
    const file = await fetch(artifact.location, { headers: { authorization: `Bearer ${token}` } })
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    expect(Buffer.from(digest).toString('hex')).toBe(artifact.digest)
    expect((await get(`${urls.test}/v2/models/cat-dog`, '')).versions).toEqual(['1.1.0'])
  }, 330_000)

  it('switches production to a named version when the call is signed and the digest right', async () => {
    const { deployToken: token, deployKey: key } = secrets
    const rollOut = async (correlationId: string, change: object) => {
      const body = { deployment: PRODUCTION_KEY, version: '1.1.0', correlationId, ...change }
      const reply = await post(`${urls.systems}/deploy/rollouts`, token, key, body)
      if (reply.status !== 202) return reply.body.error
      const done = await until(
        'the roll-out',
        () => get(`${urls.systems}/deploy/rollouts/${reply.body.id}`, token),
        ({ state }) => state !== 'running',
      )
      return `${done.state}: ${done.message}`
    }
    expect(await rollOut('a', { version: '9.9.9' })).toBe('failed: the registry has no version 9.9.9')
    expect(await rollOut('b', { digest: '0'.repeat(64) })).toMatch(/^failed: the registry's 1.1.0 is /)
    expect(await rollOut('c', { deployment: 'elsewhere' })).toBe('there is no deployment elsewhere')
    expect(await rollOut('d', {})).toBe(`succeeded: ${PRODUCTION_KEY} serves 1.1.0`)
    await until(
      'its predictions',
      () => samples.at(-1)?.version,
      (version) => version === '1.1.0',
    )
    const saved = () => JSON.parse(readFileSync(parkFolders(folder).state, 'utf8'))
    await until('the state', saved, ({ served }) => served.production === '1.1.0')
  }, 60_000)

  it('takes notifications that are signed, once each', async () => {
    const message = { id: 'd1', event: 'alert.opened', title: 'Accuracy has fallen' }
    const hook = `${urls.systems}/webhook`
    expect((await post(hook, '', 'wrong key', message)).status).toBe(401)
    expect((await post(hook, '', secrets.webhookKey, message)).body).toEqual({ repeated: false })
    expect((await post(hook, '', secrets.webhookKey, message)).body).toEqual({ repeated: true })
    expect((await get(hook, secrets.controlToken)).heard).toEqual([message])
  })
})

describe('the park without its console', () => {
  it('ends with all its programs when the console is killed', async () => {
    const place = mkdtempSync(join(tmpdir(), 'park-'))
    const registry = await openRegistry(parkFolders(place).artifacts)
    const { version } = (await trainFirstModels(calendarOf(Date.UTC(2026, 9, 20), 1), registry, () => {})).released
    expect(version).toBe(RELEASED_VERSION)
    const script = `
      const { startProgram } = await import(${JSON.stringify(new URL('../programs/programs.ts', import.meta.url).href)})
      const child = startProgram(new URL(${JSON.stringify(programs.park.href)}), [], { output: 'inherit' })
      child.on('message', (message) => console.log(JSON.stringify(message)))
      child.send(${JSON.stringify({ ...start, folder: place })})`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const line = await new Promise<string>((resolve) => parent.stdout.once('data', (data) => resolve(String(data))))
    const { urls } = JSON.parse(line)
    expect((await fetch(`${urls.production}/v2/health/live`)).ok).toBe(true)
    parent.kill('SIGKILL')
    const isGone = (url: string) =>
      fetch(url).then(
        () => false,
        () => true,
      )
    for (const url of [urls.test, urls.production]) {
      await until('an inference server to end', () => isGone(`${url}/v2/health/live`), Boolean, 10_000)
    }
    await until('the park to end', () => isGone(`${urls.systems}/story`), Boolean, 10_000)
    rmSync(place, { recursive: true, force: true })
    expect(fileURLToPath(programs.park)).toMatch(/park\.ts$/)
  }, 60_000)
})
