// Samples at a steady rate over a real broker, in a process of its own: `node steady-publisher.ts URL PER_SECOND`. Asked, it says how
// many the broker has taken.
import { connectAsync } from 'mqtt'
import { benchSchema } from './mqtt.ts'

const [url, perSecond] = [process.argv[2], Number(process.argv[3])]
/** Unacknowledged messages beyond which it waits, so that a slow broker does not make this process grow. */
const mostWaiting = 20_000
// No pings: on a busy machine the client would take a late answer for a dead broker.
const client = await connectAsync(url, { protocolVersion: 5, clientId: 'steady-publisher', keepalive: 0 })
const startedAt = Date.now()
let sent = 0
let acknowledged = 0
let failed = 0
let isEnded = false

/** About 300 bytes with ten features; ids rise with time, and every tenth brings its label. */
function payload(index: number): string {
  const body = {
    id: `s-${String(index).padStart(10, '0')}`,
    at: Date.now(),
    inputs: Object.fromEntries(benchSchema.columns.map(({ name }, k) => [name, ((index * (k + 7)) % 1009) / 100])),
    prediction: index % 3 ? 'no' : 'yes',
    scores: { no: 0.4, yes: 0.6 },
    ...(index % 10 === 0 && { label: index % 4 ? 'no' : 'yes' }),
  }
  return JSON.stringify(body)
}

const timer = setInterval(() => {
  const due = Math.floor(((Date.now() - startedAt) / 1000) * perSecond)
  while (sent < due && sent - acknowledged - failed < mostWaiting)
    client.publish('bench/deployments/bench/samples', payload(sent++), { qos: 1 }, (error) => {
      if (error) failed++
      else acknowledged++
      if (isEnded && acknowledged + failed === sent) void finish()
    })
}, 10)

async function finish() {
  await client.endAsync()
  process.send?.({ sent, acknowledged })
  process.disconnect()
}

process.on('message', (message) => {
  if (message !== 'end') {
    process.send?.({ sent, acknowledged })
    return
  }
  clearInterval(timer)
  isEnded = true
  if (acknowledged + failed === sent) void finish()
})
process.send?.('ready')
