import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import { uniformOf } from '../../src/demo/random.ts'
import { openSqliteReader } from '../../src/store/sqlite/open.ts'
import { openTestConsole } from '../support/console.ts'
import { hasMosquitto } from '../support/mosquitto.ts'
import {
  brokerConfig,
  createCleanUp,
  openBroker,
  openClient,
  openRoomConsole,
  saveBroker,
  until,
} from './service-collection-room.ts'

if (!hasMosquitto) console.warn('service-collection-kill: skipped, mosquitto is not installed')

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const messages = 6000
const kills = 5
const seed = 20_260_731

async function startProcess(workspacePath: string): Promise<ChildProcess> {
  const program = join(import.meta.dirname, 'service-collection-process.ts')
  const child = spawn(process.execPath, [program, workspacePath], { stdio: ['ignore', 'pipe', 'inherit'] })
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the console ended with code ${code}`))),
  ])
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

describe.skipIf(!hasMosquitto)('a console that is killed while messages come in', () => {
  it(`has stored each exactly once in the end (seed ${seed})`, { timeout: 120_000 }, async () => {
    const workspacePath = await mkdtemp(join(tmpdir(), 'assay-killed-'))
    cleanUp.later(() => rm(workspacePath, { recursive: true, force: true }))
    const broker = await openBroker(cleanUp)
    const setUp = createCleanUp()
    const { console: first, deployment } = await openRoomConsole(setUp, { workspacePath })
    await saveBroker(first, brokerConfig(broker.url, { acceptsNewDevices: true, receiveMaximum: 500 }))
    await until(async () => (await first.call('connections.list', {}))[0].state.phase === 'connected', 'the broker')
    await setUp.run()

    const at = Date.now() - 3_600_000
    const client = await openClient(cleanUp, broker.url)
    let running = await startProcess(workspacePath)
    cleanUp.later(() => kill(running))
    const publish = async () => {
      for (let from = 0; from < messages; from += 200) {
        const part = Array.from({ length: 200 }, (_, index) => {
          const id = `s${from + index}`
          const inputs = { temperature: (from + index) % 40, light: 100, window: index % 2 ? 'open' : 'shut' }
          const sample = { id, at: at + from + index, inputs, prediction: 'empty', label: 'empty', device: 'box' }
          return client.publishAsync('assay/deployments/room/samples', JSON.stringify(sample), { qos: 1 })
        })
        await Promise.all(part)
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
    }
    const published = publish()
    for (let count = 0; count < kills; count++) {
      await new Promise((resolve) => setTimeout(resolve, 50 + 500 * uniformOf(seed, count)))
      await kill(running)
      running = await startProcess(workspacePath)
    }
    await published
    await kill(running)

    const last = await openTestConsole({ workspacePath })
    cleanUp.later(() => last.close())
    const deploymentId = deployment.record.id
    const window = { from: 0, to: at + 7_200_000 }
    await until(
      async () => (await last.call('samples.list', { deploymentId, window, limit: 1 })).total === messages,
      'every message',
      60_000,
    )
    const reader = await openSqliteReader({ path: workspacePath, fold: makeProfileFold() })
    cleanUp.later(() => reader.close())
    const table = await reader.samples.table({ deploymentId, window, withIds: true })
    const expected = Array.from({ length: messages }, (_, index) => `s${index}`)
    expect([...(table.ids ?? [])].sort()).toEqual(expected.sort())
    expect(await reader.samples.count({ deploymentId, window })).toEqual({ samples: messages, labelled: messages })
    expect(await reader.profiles.check(deploymentId)).toEqual([])
    expect(await reader.intake.deadLetterCounts()).toEqual([])
    // One device came with the first sample, and none came again.
    expect((await reader.records.list('device')).map(({ record }) => record.key)).toEqual(['box'])
  })
})
