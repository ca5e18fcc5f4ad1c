import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { startBroker } from '../support/mosquitto.ts'

interface Reading {
  readonly memory: NodeJS.MemoryUsage
  readonly counters: { readonly received: number; readonly stored: number }
}

async function ask(child: ChildProcess): Promise<Reading> {
  child.send('read')
  const [reading] = (await once(child, 'message')) as [Reading]
  return reading
}

/** Memory of the whole service while samples come in steadily over a real broker; in bytes, once every twenty seconds. */
export async function benchMemory(options: { readonly minutes: number; readonly samplesPerSecond: number }) {
  const { minutes, samplesPerSecond } = options
  const broker = await startBroker()
  const child = fork(new URL('./memory-console.ts', import.meta.url), [broker.url], { execArgv: [] })
  await once(child, 'message')
  const client = await connectAsync(broker.url, { protocolVersion: 5 })
  const readings: { minute: number; residentBytes: number; heapBytes: number; stored: number }[] = []
  const startedAt = Date.now()
  let sent = 0
  let readAt = 0
  while (Date.now() - startedAt < minutes * 60_000) {
    const elapsedMs = Date.now() - startedAt
    const due = Math.floor((elapsedMs / 1000) * samplesPerSecond) - sent
    const messages = Array.from({ length: due }, () => {
      const index = sent++
      const inputs = Object.fromEntries(
        Array.from({ length: 10 }, (_, k) => [`feature_${k}`, ((index * (k + 7)) % 1009) / 100]),
      )
      const body = { id: `s-${index}`, at: Date.now(), inputs, prediction: index % 3 ? 'no' : 'yes', label: 'no' }
      return client.publishAsync('bench/deployments/bench/samples', JSON.stringify(body), { qos: 1 })
    })
    await Promise.all(messages)
    if (elapsedMs >= readAt) {
      const { memory, counters } = await ask(child)
      readings.push({
        minute: elapsedMs / 60_000,
        residentBytes: memory.rss,
        heapBytes: memory.heapUsed,
        stored: counters.stored,
      })
      readAt += 20_000
    }
    await pause(20)
  }
  const last = await ask(child)
  child.send('close')
  await once(child, 'exit')
  await client.endAsync()
  await broker.dispose()
  const settled = readings.filter(({ minute }) => minute >= Math.min(2, minutes / 2))
  return {
    minutes,
    samplesPerSecond,
    sent,
    stored: last.counters.stored,
    residentBytesAtEnd: last.memory.rss,
    residentBytesMost: Math.max(last.memory.rss, ...readings.map(({ residentBytes }) => residentBytes)),
    growthBytesPerMinute:
      settled.length > 1
        ? (settled[settled.length - 1].residentBytes - settled[0].residentBytes) /
          (settled[settled.length - 1].minute - settled[0].minute)
        : null,
    readings,
  }
}
