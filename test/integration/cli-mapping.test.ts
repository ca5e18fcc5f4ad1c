import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readyMappings } from '../../src/collect/mapping/ready-mappings.ts'
import { assay, temporaryFolder } from '../support/command-line.ts'
import { openTestConsole } from '../support/console.ts'

const files = temporaryFolder()
afterAll(files.remove)
const workspace = join(files.folder, 'workspace')
const at = ['--workspace', workspace]

const spec = {
  ...{ name: 'Plant', topic: 'plant/{line}/results', each: 'rows', makes: 'samples' },
  owner: { kind: 'topic', variable: 'line' },
  fields: [
    { to: 'id', from: { kind: 'path', path: 'no' } },
    { to: 'at', from: { kind: 'path', path: 'when' } },
    { to: 'inputs', from: { kind: 'path', path: 'features' } },
    { to: 'prediction', from: { kind: 'path', path: 'result' } },
  ],
}
const specFile = files.write('plant.json', JSON.stringify(spec))
const row = { no: 7, when: '2026-05-31T12:00:00Z', features: { heat: 20.5 }, result: 'good' }
const message = (topic: string, ...rows: object[]) => JSON.stringify({ tst: 'x', topic, qos: 1, payload: { rows } })

beforeAll(async () => {
  const console = await openTestConsole({ workspacePath: workspace })
  await console.call('connections.createIngestToken', { key: 'push', name: 'Push', acceptsNewDevices: true })
  for (const [key, group] of [
    ['box-1', 'park'],
    ['box-2', 'park'],
    ['box-3', ''],
  ])
    await console.call('devices.save', {
      ...{ id: null, revision: null },
      device: { key, name: key, site: 'north', firmware: '1.2', tags: [], channels: [], ...(group && { group }) },
    })
  await console.close()
}, 60_000)

describe('assay mapping test', { timeout: 30_000 }, () => {
  it('shows what a mapping makes of messages as mosquitto_sub writes them', async () => {
    const messages = files.write('good.jsonl', `${message('plant/a/results', row)}\n\n${message('else', row)}\n`)
    const ran = await assay(['mapping', 'test', specFile, '--messages', messages, '--json'])
    expect(ran.code, ran.err.join()).toBe(0)
    expect(JSON.parse(ran.out)).toEqual({
      ...{ mapping: 'Plant', messages: 1, otherTopics: 1, mapped: 1, failed: 0 },
      tried: [
        {
          ...{ line: 1, topic: 'plant/a/results', problems: [] },
          elements: [
            {
              topic: 'deployments/a/samples',
              element: { id: '7', at: '2026-05-31T12:00:00Z', inputs: { heat: 20.5 }, prediction: 'good' },
            },
          ],
        },
      ],
    })
  })

  it('ends with 1 and names the path that failed', async () => {
    const messages = files.write('bad.jsonl', message('plant/a/results', row, { ...row, result: undefined, no: 8 }))
    const ran = await assay(['mapping', 'test', specFile, '--messages', messages])
    expect(ran.code).toBe(1)
    expect(ran.out).toMatch(/1 {2}taken {4}deployments\/a\/samples/)
    expect(ran.out).toMatch(/1 {2}REFUSED .*mapping “Plant”: prediction: `result` gave nothing/)
    expect(ran.out).toMatch(/FAILED {2}“Plant” made 1 samples of 1 messages; 1 failed/)
    const nothing = files.write('other.jsonl', message('else', row))
    expect((await assay(['mapping', 'test', specFile, '--messages', nothing])).code).toBe(1)
  })

  it('takes ready mappings and bare payloads', async () => {
    const shadow = { state: { reported: { temperature: 20 } }, timestamp: 1_780_000_000, version: 3 }
    const messages = files.write('shadow.jsonl', JSON.stringify(shadow))
    const words = ['mapping', 'test', 'aws-iot-shadow', '--ready', '--messages', messages]
    const ran = await assay([...words, '--topic', '$aws/things/box/shadow/update/accepted'])
    expect(ran, ran.err.join()).toMatchObject({ code: 0 })
    expect(ran.out).toContain('{"values":{"temperature":20},"at":1780000000000,"seq":3}')
    const wrong = await assay([...words, '--json'])
    expect(wrong.code).toBe(2)
    expect(wrong.err[0]).toMatch(/shadow.jsonl, line 1: it has no topic and payload; --topic names the topic/)
  })

  it('ends with 2 and one line where it could not be tried', async () => {
    const broken = files.write('broken.json', JSON.stringify({ ...spec, each: 'rows[' }))
    const messages = files.write('good.jsonl', message('plant/a/results', row))
    const ran = await assay(['mapping', 'test', broken, '--messages', messages])
    expect(ran).toMatchObject({ code: 2, out: '' })
    expect(ran.err).toEqual([expect.stringMatching(/^error: each: `rows\[` is no JMESPath/)])
    const shapeless = files.write('shapeless.json', JSON.stringify({ ...spec, makes: 'tea' }))
    expect((await assay(['mapping', 'test', shapeless, '--messages', messages])).err[0]).toMatch(/is no mapping: makes/)
    expect((await assay(['mapping', 'test', '/nowhere.json', '--messages', messages])).code).toBe(2)
  })
})

describe('mappings and devices of a workspace', { timeout: 60_000 }, () => {
  it('are saved in somebody’s name, listed and shown', async () => {
    const save = ['mapping', 'save', specFile, ...at, '--connection', 'push', '--reason', 'the plant speaks so']
    const nobody = await assay([...save, '--as', 'adda'])
    expect(nobody).toMatchObject({ code: 2 })
    expect(nobody.err[0]).toContain('did you mean “ada”?')
    expect(await assay([...save, '--as', 'ada'])).toMatchObject({ code: 0 })
    const again = await assay([...save, '--as', 'ada', '--off', '--json'])
    expect(JSON.parse(again.out)).toMatchObject({ name: 'Plant', connection: 'push', version: 2 })

    const listed = await assay(['mapping', 'list', ...at, '--json'])
    expect(JSON.parse(listed.out)).toMatchObject({
      mappings: [{ name: 'Plant', connection: 'push', makes: 'samples', isEnabled: false, version: 2 }],
      ready: readyMappings.map(({ id }) => ({ id })),
    })
    const shown = await assay(['mapping', 'show', 'Plant', ...at])
    expect(JSON.parse(shown.out)).toMatchObject(spec)
    expect(JSON.parse((await assay(['mapping', 'show', 'predictions'])).out).name).toBe('Predictions')
    expect((await assay(['mapping', 'show', 'Plamt', ...at])).err[0]).toContain('did you mean “Plant”?')
    const { entries } = await auditOf()
    expect(entries).toEqual([
      ['mappings.save', 'Ada (command line)', 'the plant speaks so'],
      ['mappings.save', 'Ada (command line)', 'the plant speaks so'],
    ])
  })

  it('list the fleet, by group too', async () => {
    const all = JSON.parse((await assay(['fleet', 'list', ...at, '--json'])).out)
    expect(all.devices.map(({ key }: { key: string }) => key)).toEqual(['box-1', 'box-2', 'box-3'])
    expect(all.devices[0]).toMatchObject({ group: 'park', firmware: '1.2', site: 'north', reportedVersion: null })
    const park = await assay(['fleet', 'list', ...at, '--group', 'park', '--find', 'box-2'])
    expect(park.code).toBe(0)
    expect(park.out).toMatch(/^key .*\nbox-2 {2}park {3}1\.2 .*never/)
    expect(park.out).not.toContain('box-1')
    const none = await assay(['fleet', 'list', ...at, '--group', 'parc'])
    expect(none).toMatchObject({ code: 2 })
    expect(none.err[0]).toContain('did you mean “park”?')
  })
})

/** Who saved what why, newest first. */
async function auditOf() {
  const console = await openTestConsole({ workspacePath: workspace })
  const { items } = await console.call('audit.list', { action: 'mappings.save', limit: 10 })
  await console.close()
  return { entries: items.map(({ entry }) => [entry.action, entry.actor.name, entry.reason]) }
}
