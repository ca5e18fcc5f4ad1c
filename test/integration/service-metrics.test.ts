import { request } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { createCleanUp, openRoomConsole } from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

it('gives Prometheus the counters of each source on a local port that somebody asked for', async () => {
  const { console } = await openRoomConsole(cleanUp, { metricsPort: 0 })
  const { token } = await console.call('connections.createIngestToken', {
    ...{ key: 'push', name: 'Push', acceptsNewDevices: false },
  })
  const sample = { id: 'a', at: Date.now() - 2000, inputs: { temperature: 20, light: 100 }, prediction: 'empty' }
  for (const body of [sample, sample, { ...sample, id: 'b', prediction: 'crowded' }])
    await fetch(`http://127.0.0.1:${console.headless.server.port}/ingest/v1/deployments/room/samples`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const port = console.headless.metricsPort
  const reply = await fetch(`http://127.0.0.1:${port}/metrics`)
  const text = await reply.text()
  expect(reply.headers.get('content-type')).toContain('version=0.0.4')
  const own = '{connection="push",kind="ingest"}'
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      '# TYPE assay_intake_received_total counter',
      `assay_intake_received_total${own} 3`,
      `assay_intake_stored_total${own} 1`,
      `assay_intake_repeated_total${own} 1`,
      `assay_intake_refused_total${own} 1`,
      `assay_connection_up${own} 1`,
      'assay_dead_letters_total{connection="push",code="schema-mismatch"} 1',
    ]),
  )
  const lag = Number(/assay_intake_lag_seconds\{[^}]*\} (\S+)/.exec(text)?.[1])
  expect(lag).toBeGreaterThanOrEqual(2)
  expect(text).not.toContain(token)
  for (const line of text.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) |[a-z_]+(\{[^}]*\})? -?[0-9.e+]+$)/)

  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
  const foreign = await new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/metrics', headers: { host: 'evil.example' } }, (got) => {
      got.resume()
      resolve(got.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(foreign).toBe(403)
})

it('opens no port that nobody asked for', async () => {
  const { console } = await openRoomConsole(cleanUp)
  expect(console.headless.metricsPort).toBeNull()
})
