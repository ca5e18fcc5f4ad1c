import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { DemoHost } from './host.ts'
import { DEFAULT_SPEED, type StoryEvent } from './live/time-lapse.ts'
import {
  type FromPark,
  fromPark,
  type ParkSecrets,
  type ParkUrls,
  parkSecrets,
  type ToPark,
} from './programs/messages.ts'
import { endProgram, startProgram } from './programs/programs.ts'
import { connectPark, waitForBroker } from './setup/connections.ts'
import { makeFirstStart } from './setup/first-start.ts'
import { readMark } from './setup/first-start-mark.ts'

const SECRETS_NAME = 'demo:park'
const CLOSE_WITHIN_MS = 8000

export interface DemoOptions {
  /** Days of history at the first start. */
  readonly days?: number
  /** Whether night, knock and new breeds come by themselves a few minutes after the first start. */
  readonly isScheduled?: boolean
  /** Story milliseconds in a real one. */
  readonly speed?: number
}

export interface Demo {
  trigger(event: StoryEvent): void
  close(): Promise<void>
}

/** Brings the pet park to life around a console: sets everything up at the first start, and starts its programs every time. */
export async function startDemo(host: DemoHost, options: DemoOptions = {}): Promise<Demo> {
  const { days = 30, isScheduled = true, speed = DEFAULT_SPEED } = options
  const secrets = await ensureSecrets(host)
  const park = startParkProgram(host, secrets)
  try {
    const connect = async () => connectPark(host, await park.started(), secrets)
    let next = (await readMark(host.folder))?.next ?? null
    if (next === null) next = await makeFirstStart(host, { days, connect })
    else await connect()
    await waitForBroker(host)
    await park.open({ ...next, isScheduled, speed })
  } catch (error) {
    await park.close()
    throw error
  }
  return { trigger: (event) => park.send({ type: 'trigger', event }), close: () => park.close() }
}

/** Passwords, tokens and keys of the park: made at the first start and kept in the console's secret store. */
async function ensureSecrets(host: DemoHost): Promise<ParkSecrets> {
  const kept = await host.secrets.get(SECRETS_NAME)
  if (kept !== undefined) return parkSecrets.parse(JSON.parse(kept))
  const names = Object.keys(parkSecrets.shape)
  const made = parkSecrets.parse(Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('base64url')])))
  await host.secrets.put(SECRETS_NAME, JSON.stringify(made))
  return made
}

function startParkProgram(host: DemoHost, secrets: ParkSecrets) {
  let child: ChildProcess | null = null
  let isClosing = false
  const send = (message: ToPark) => {
    if (child?.connected) child.send(message)
  }

  /** The next message of a kind; rejects when the park fails or ends instead. */
  function heard<T extends FromPark['type']>(type: T): Promise<Extract<FromPark, { type: T }>> {
    return new Promise((resolve, reject) => {
      const program = child
      const stop = () => {
        program?.off('message', listen)
        program?.off('exit', ended)
      }
      const listen = (raw: unknown) => {
        const message = fromPark.parse(raw)
        if (message.type === 'failed') {
          stop()
          reject(new Error(`the pet park could not be started: ${message.message}`))
        } else if (message.type === type) {
          stop()
          resolve(message as Extract<FromPark, { type: T }>)
        }
      }
      const ended = () => {
        stop()
        reject(new Error('the pet park ended while it was being started'))
      }
      program?.on('message', listen)
      program?.on('exit', ended)
    })
  }

  return {
    send,
    /** Starts servers, broker and services, which need the first models to be there. */
    async started(): Promise<ParkUrls> {
      child = startProgram(host.programs.park, [], { output: 'inherit' })
      child.on('message', (raw) => {
        const message = fromPark.safeParse(raw)
        if (message.data?.type === 'problem') host.problem(message.data.sentence)
      })
      child.on('exit', (code) => {
        if (!isClosing) host.problem(`The pet park has ended with code ${code}; start the console again`)
      })
      const started = heard('started')
      const { inference, retrain } = host.programs
      send({
        type: 'start',
        folder: host.folder,
        secrets,
        programs: { inference: inference.href, retrain: retrain.href },
      })
      return (await started).urls
    },
    async open(given: { sampleSeq: number; telemetrySeq: number; isScheduled: boolean; speed: number }): Promise<void> {
      const { sampleSeq, telemetrySeq, ...rest } = given
      const opened = heard('opened')
      send({ type: 'open', firstSampleSeq: sampleSeq, firstTelemetrySeq: telemetrySeq, ...rest })
      await opened
    },
    async close(): Promise<void> {
      isClosing = true
      if (child !== null) await endProgram(child, CLOSE_WITHIN_MS)
    },
  }
}
