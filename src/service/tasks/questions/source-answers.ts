import { toReport } from '../../../analysis/answer.ts'
import { presenceChannel } from '../../../analysis/device/liveness.ts'
import { analyzeDevice } from '../../../analysis/device.ts'
import { analyzeEndpoint } from '../../../analysis/endpoint.ts'
import { parametersOf } from '../../../analysis/parameters.ts'
import type { Report } from '../../../contract/report.ts'
import type { Store } from '../../../store/store.ts'
import { type Question, UnaskableError } from './question.ts'

/** Most points of a channel that are looked at, the newest. */
const mostPoints = 1_000_000
/** Points before the window that a device's question sees as context: a change of level needs a day of them, a trend five. */
const contextMs = 7 * 86_400_000
/** Most predictions of a deployment whose latency counts. */
const mostLatencies = 200_000

const nothingCompared = (question: Question) => ({
  target: question.target,
  window: question.window,
  reference: null,
  parameters: { ...question.parameters },
})

/** Health of a device over a window: every channel that is declared or reports. */
export async function answerAboutDevice(store: Store, question: Question): Promise<Report> {
  const device = (await store.records.get('device', question.target.id))?.record
  if (question.target.type !== 'device' || device === undefined)
    throw new UnaskableError('Device health can be asked of a device only, and there is none of this name')
  const reporting = await store.telemetry.channels(device.id)
  const names = new Set([...device.channels.map(({ name }) => name), ...reporting.map(({ channel }) => channel)])
  const { window, now } = question
  const contextFrom = Math.max(0, window.from - contextMs)
  const readSince = async (from: number) => {
    const channels = new Map<string, { at: Float64Array; value: Float64Array }>()
    for (const channel of names) {
      const query = { deviceId: device.id, channel, window: { from, to: window.to }, limit: mostPoints }
      channels.set(channel, await store.telemetry.read(query))
    }
    return channels
  }
  const channels = await readSince(contextFrom)
  const readings = reporting.filter(({ channel }) => channel !== presenceChannel)
  const newestAt = Math.max(...readings.map(({ to }) => to))
  const isLongSilent = readings.length > 0 && newestAt < contextFrom
  const formerly = isLongSilent ? { formerly: await readSince(Math.max(0, newestAt - contextMs)) } : {}
  const lost = await store.telemetry.lostMessages({ deviceId: device.id, window })
  const answer = analyzeDevice(
    { device, channels, ...formerly, arrivalLags: question.arrivalLags, lost, window, now },
    parametersOf.device.parse(question.parameters),
  )
  return toReport(nothingCompared(question), answer)
}

/** How an endpoint answers: what probes saw, and how long real predictions took where deployments record it. */
export async function answerAboutEndpoint(store: Store, question: Question): Promise<Report> {
  const connection = (await store.records.get('connection', question.target.id))?.record
  if (question.target.type !== 'connection' || connection?.config.kind !== 'endpoint')
    throw new UnaskableError('This can be asked of an endpoint only, and there is none of this name')
  const served = await store.records.list('deployment', { link: 'endpointId', id: connection.id })
  const latencies: number[] = []
  for (const { record } of served) {
    const { latencyMs } = await store.samples.table({
      deploymentId: record.id,
      window: question.window,
      columns: [],
      limit: mostLatencies,
    })
    for (const latency of latencyMs ?? []) latencies.push(latency)
  }
  const answer = analyzeEndpoint(
    { probes: question.probes, latencies: Float64Array.from(latencies), window: question.window, now: question.now },
    parametersOf.endpoint.parse(question.parameters),
  )
  return toReport(nothingCompared(question), answer)
}
