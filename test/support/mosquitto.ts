import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'

export interface BrokerOptions {
  /** Default: anonymous clients may connect. */
  readonly users?: Readonly<Record<string, string>>
  /** A certificate for localhost, signed by an authority made for the test. */
  readonly tls?: boolean
  /** With `tls`: clients must show a certificate of that authority. */
  readonly asksForCertificates?: boolean
  /** Sessions survive a restart; default true. */
  readonly isPersistent?: boolean
  /** Lines added to the configuration file. */
  readonly extra?: readonly string[]
}

export interface Broker {
  readonly url: string
  readonly port: number
  /** PEM of the authority behind `tls`, else null. */
  readonly caPem: string | null
  /** Certificate and key of a client that the authority has signed, with `tls`. */
  readonly client: { readonly certPem: string; readonly keyPem: string } | null
  /** What the broker wrote to its log so far. */
  readonly log: () => string
  start(): Promise<void>
  /** Ends the process; SIGTERM saves sessions, SIGKILL does not. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  restart(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** Stops the broker and removes its folder. */
  dispose(): Promise<void>
}

const program = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'].find(existsSync)

/** Whether a broker can run here; suites that need one say so when it cannot. */
export const hasMosquitto = program !== undefined

/** A port that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

/** Prepares a real mosquitto on a free port of the loopback in a temporary folder, and starts it. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  if (!program) throw new Error('mosquitto is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'broker-'))
  const port = await findFreePort()
  const data = join(folder, 'data')
  mkdirSync(data)
  const certificates = options.tls ? makeCertificates(folder) : null
  const passwords = join(folder, 'passwords')
  if (options.users) {
    writeFileSync(passwords, '', { mode: 0o600 })
    for (const [user, password] of Object.entries(options.users))
      execFileSync('mosquitto_passwd', ['-b', passwords, user, password], { stdio: 'pipe' })
  }
  const configuration = [
    `listener ${port} 127.0.0.1`,
    `persistence ${options.isPersistent !== false}`,
    `persistence_location ${data}/`,
    'autosave_interval 1',
    'max_queued_messages 0',
    'max_inflight_messages 20',
    'log_type error',
    'log_type warning',
    'log_type notice',
    `user ${process.env.USER ?? 'root'}`,
    options.users ? 'allow_anonymous false' : 'allow_anonymous true',
    ...(options.users ? [`password_file ${passwords}`] : []),
    ...(options.tls
      ? [`cafile ${folder}/ca.crt`, `certfile ${folder}/server.crt`, `keyfile ${folder}/server.key`]
      : []),
    ...(options.asksForCertificates ? ['require_certificate true'] : []),
    ...(options.extra ?? []),
  ]
  const path = join(folder, 'mosquitto.conf')
  writeFileSync(path, `${configuration.join('\n')}\n`)

  let child: ChildProcess | null = null
  let log = ''
  const broker: Broker = {
    url: `${options.tls ? 'mqtts://localhost' : 'mqtt://127.0.0.1'}:${port}`,
    port,
    caPem: certificates?.caPem ?? null,
    client: certificates?.client ?? null,
    log: () => log,
    async start() {
      const started = spawn(program, ['-c', path], { stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      const keep = (chunk: Buffer) => {
        if (log.length < 1_000_000) log += chunk.toString()
      }
      started.stdout.on('data', keep)
      started.stderr.on('data', keep)
      for (let i = 0; i < 200; i++) {
        if (await answers(port)) return
        if (started.exitCode !== null) break
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      throw new Error(`the broker did not start:\n${log}`)
    },
    async stop(signal = 'SIGTERM') {
      const running = child
      child = null
      if (!running || running.exitCode !== null || running.signalCode !== null) return
      const ended = new Promise((resolve) => running.once('exit', resolve))
      running.kill(signal)
      await ended
    },
    async restart(signal) {
      await broker.stop(signal)
      await broker.start()
    },
    async dispose() {
      await broker.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await broker.start()
  return broker
}
