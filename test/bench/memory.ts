import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { serviceEnvironment, serviceFlags } from '../../build/service-process.ts'
import { linearTrend } from '../../src/stats/linear-trend.ts'
import { startBroker } from '../support/mosquitto.ts'

/** What the console tells of itself. */
interface Reading {
  readonly memory: NodeJS.MemoryUsage
  readonly processorMicroseconds: number
  readonly counters: { readonly received: number; readonly stored: number; readonly repeated: number }
  readonly databaseBytes: number
  readonly logBytes: number
}

interface Sent {
  readonly sent: number
  readonly acknowledged: number
}

async function ask<T>(child: ChildProcess, question: 'read' | 'end'): Promise<T> {
  child.send(question)
  const [answer] = (await once(child, 'message')) as [T]
  return answer
}

async function start(file: string, args: readonly string[], flags: readonly string[] = []): Promise<ChildProcess> {
  const env = { ...process.env, ...serviceEnvironment }
  const child = fork(new URL(file, import.meta.url), [...args], { execArgv: [...flags], env })
  await once(child, 'message')
  return child
}

const readEveryMs = 10_000
const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10

/** Slope of the resident memory over the later half, in bytes a minute, with its 95 % interval. */
function slopeOf(readings: readonly { readonly minute: number; readonly residentBytes: number }[]) {
  const later = readings.slice(readings.length >> 1)
  const trend = linearTrend(
    later.map(({ minute }) => minute),
    later.map(({ residentBytes }) => residentBytes),
  )
  if (trend.status !== 'ok') return { bytesPerMinute: null, interval: null, readings: later.length }
  return { bytesPerMinute: trend.slope, interval: trend.slopeInterval, readings: later.length }
}

/**
 * Memory of the whole service while samples come in steadily over a real broker from another process: resident bytes every ten
 * seconds, and their slope over the later half. At the end everything that the broker took must be stored once.
 */
export async function benchMemory(options: { readonly minutes: number; readonly samplesPerSecond: number }) {
  const { minutes, samplesPerSecond } = options
  // Saving a backlog every second, as the brokers of tests do, would stop this one for seconds.
  const broker = await startBroker({ isPersistent: false })
  const service = await start('./memory-console.ts', [broker.url], serviceFlags)
  const publisher = await start('./steady-publisher.ts', [broker.url, String(samplesPerSecond)])
  const readings: ReturnType<typeof note>[] = []
  const startedAt = Date.now()

  function note(reading: Reading, { acknowledged }: Sent) {
    const noted = {
      minute: (Date.now() - startedAt) / 60_000,
      residentBytes: reading.memory.rss,
      heapBytes: reading.memory.heapUsed,
      outsideHeapBytes: reading.memory.external,
      processorSeconds: reading.processorMicroseconds / 1e6,
      published: acknowledged,
      stored: reading.counters.stored,
      databaseBytes: reading.databaseBytes,
      logBytes: reading.logBytes,
    }
    console.error(
      `${noted.minute.toFixed(1)} min: ${megabytes(noted.residentBytes)} MB resident, ${megabytes(noted.heapBytes)} MB heap, ` +
        `${noted.published} published, ${noted.stored} stored, ${megabytes(noted.databaseBytes)} MB on disk, ` +
        `${megabytes(noted.logBytes)} MB of log`,
    )
    return noted
  }

  try {
    while (Date.now() - startedAt < minutes * 60_000) {
      await pause(Math.min(readEveryMs, minutes * 60_000 - (Date.now() - startedAt)))
      const [reading, sent] = await Promise.all([ask<Reading>(service, 'read'), ask<Sent>(publisher, 'read')])
      readings.push(note(reading, sent))
    }
    const { acknowledged } = await ask<Sent>(publisher, 'end')
    let last = await ask<Reading>(service, 'read')
    for (let waited = 0; last.counters.received < acknowledged && waited < 120; waited++) {
      await pause(1000)
      last = await ask<Reading>(service, 'read')
    }
    return {
      minutes,
      samplesPerSecond,
      published: acknowledged,
      // A label that came with its sample is counted as one of its own.
      received: last.counters.received,
      stored: last.counters.stored,
      repeated: last.counters.repeated,
      residentBytesAtEnd: readings.at(-1)?.residentBytes ?? null,
      residentBytesMost: Math.max(...readings.map(({ residentBytes }) => residentBytes)),
      slope: slopeOf(readings),
      databaseBytes: last.databaseBytes,
      logBytesMost: Math.max(...readings.map(({ logBytes }) => logBytes)),
      readings,
    }
  } finally {
    publisher.kill()
    service.send('close')
    await once(service, 'exit')
    await broker.dispose()
  }
}
