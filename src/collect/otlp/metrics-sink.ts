import { decodeJson } from '../decode-json.ts'
import type { IncomingMessage, Intake } from '../intake.ts'
import { defaultLimits, pushBytes } from '../limits.ts'
import { busy, type PushReply, storePushed } from '../push.ts'
import { type Cumulative, readMetrics } from './read-metrics.ts'

/** Cumulative series that are remembered; the one unheard of for longest gives way. */
const remembered = 100_000
const source = '/ingest/otlp/v1/metrics'

/**
 * Takes OpenTelemetry metrics over HTTP in JSON as telemetry of devices. Answers as the protocol says: 200 once everything readable is
 * durable, with a partial success where something was refused; 503 asks to send the same again, and changes nothing twice.
 */
export function createMetricsSink(options: { readonly intake: Intake; readonly patienceMs?: number }) {
  const { intake, patienceMs = 10_000 } = options
  const states = new Map<string, Cumulative>()

  function remember(fresh: ReadonlyMap<string, Cumulative>) {
    for (const [series, state] of fresh) {
      states.delete(series)
      states.set(series, state)
    }
    while (states.size > remembered) states.delete(states.keys().next().value as string)
  }

  return async (connectionId: string, body: Uint8Array): Promise<PushReply> => {
    const message = { connectionId, via: 'ingest', source, maxBytes: pushBytes }
    const telemetry = (key: string): IncomingMessage['route'] => ({ kind: 'telemetry', key })
    const decoded = decodeJson(body, { maxBytes: pushBytes, maxDepth: defaultLimits.depth })
    if (decoded.refusal) {
      const outcome = await storePushed(
        intake,
        [{ ...message, route: telemetry('-'), payload: body, decoded }],
        patienceMs,
      )
      return outcome === null ? busy : { status: 422, body: { message: decoded.refusal.reason } }
    }
    const prefix = `${connectionId} `
    const read = readMetrics(decoded.json, (series) => states.get(prefix + series))
    const messages: IncomingMessage[] = [
      ...read.devices.map(({ device, elements }) => ({
        ...message,
        route: telemetry(device),
        payload: Buffer.from(JSON.stringify(elements).slice(0, 1_000_000)),
        decoded: { json: elements, refusal: null },
      })),
      ...read.refused.slice(0, 100).map(({ refusal, item }) => ({
        ...message,
        route: telemetry('-'),
        payload: Buffer.from(JSON.stringify(item ?? null).slice(0, 1_000_000)),
        decoded: { refusal },
      })),
    ]
    const outcomes = await storePushed(intake, messages, patienceMs)
    if (outcomes === null) return busy
    remember(new Map([...read.states].map(([series, state]) => [prefix + series, state])))
    const refused = outcomes.flatMap((outcome) => outcome.refused)
    const beyond = Math.max(0, read.refused.length - 100)
    if (refused.length === 0) return { status: 200, body: {} }
    const partialSuccess = {
      rejectedDataPoints: String(refused.length + beyond),
      errorMessage: refused[0].reason,
    }
    return { status: 200, body: { partialSuccess } }
  }
}
