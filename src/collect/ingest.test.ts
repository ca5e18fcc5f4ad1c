import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { makeDirectory, makeSink, timeBounds } from '../../test/support/intake-double.ts'
import { createIngest, type IngestRequest } from './ingest.ts'
import { createIntake, type IntakeOptions } from './intake.ts'

const now = Date.UTC(2026, 5, 1)
const good = { id: 'a', at: now, inputs: { temperature: 20 }, prediction: 'empty' }

function setUp(append?: IntakeOptions['append']) {
  const sink = makeSink()
  const intake = createIntake({
    append: append ?? sink.append,
    putBlob: sink.putBlob,
    resolve: makeDirectory(),
    now: () => now,
    timeBounds,
  })
  const tokenDigest = createHash('sha256').update('secret').digest('hex')
  const handle = createIngest({
    intake,
    connections: () => [{ connectionId: 'con_push', tokenDigest }],
    patienceMs: 50,
  })
  const push = (body: unknown, more: Partial<IngestRequest> = {}) =>
    handle({
      route: 'samples',
      key: 'room',
      token: 'secret',
      body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
      contentType: 'application/json; charset=utf-8',
      ...more,
    })
  return { sink, push }
}

it('answers 202 when it is stored, and the same again changes nothing', async () => {
  const { sink, push } = setUp()
  expect(await push(good)).toEqual({ status: 202, body: { accepted: 1, refused: 0, errors: [] } })
  expect(sink.samples.has('a')).toBe(true)
  expect((await push(good)).status).toBe(202)
  expect(sink.samples.size).toBe(1)
  expect((await push([{ id: 'a', label: 'empty' }], { route: 'labels' })).status).toBe(202)
  expect(sink.labels.get('a')?.source).toBe('ingest')
  expect((await push({ at: now, values: { t: 1 } }, { route: 'telemetry', key: 'box-1' })).status).toBe(202)
})

it('lets nobody in without the token, and stores nothing of theirs', async () => {
  const { sink, push } = setUp()
  for (const token of [null, '', 'wrong', 'secret ']) expect((await push(good, { token })).status).toBe(401)
  expect(sink.batches).toEqual([])
})

it('answers 404 for unknown deployments, devices and keys that are none', async () => {
  const { push } = setUp()
  expect(await push(good, { key: 'nobody' })).toMatchObject({
    status: 404,
    body: { errors: [{ code: 'unknown-deployment' }] },
  })
  expect((await push({ at: now, values: {} }, { route: 'telemetry', key: 'nobody' })).status).toBe(404)
  expect((await push(good, { key: '../etc' })).status).toBe(404)
})

it('answers 413, 415 and 422 with what is wrong', async () => {
  const { push } = setUp()
  expect((await push(`"${'x'.repeat(9 * 1024 * 1024)}"`)).status).toBe(413)
  expect((await push(good, { contentType: 'text/csv' })).status).toBe(415)
  expect(await push('{')).toMatchObject({ status: 422, body: { accepted: 0, errors: [{ code: 'not-json' }] } })
  expect((await push({ ...good, device: 'ghost' })).status).toBe(422)
})

it('takes a body larger than a message, keeps the good elements and names the bad one', async () => {
  const { sink, push } = setUp()
  const many = Array.from({ length: 20_000 }, (_, i) => ({
    ...good,
    id: `s${i}`,
    prediction: i === 77 ? 'fox' : 'empty',
  }))
  const reply = await push(many)
  expect(reply).toMatchObject({ status: 202, body: { accepted: 19_999, refused: 1, errors: [{ index: 77 }] } })
  expect(sink.samples.size).toBe(19_999)
})

it('never says 202 before it is durable: a store that hangs gets the caller to try again', async () => {
  const { push } = setUp(() => new Promise(() => {}))
  expect((await push(good)).status).toBe(503)
})
