import type { ConnectionState } from '../contract/connection.ts'
import type { EndpointClient } from './endpoint.ts'

export type ProbeFacts = NonNullable<ConnectionState['probe']>

export interface ProbeOptions {
  readonly client: EndpointClient
  readonly everyMs: number
  readonly now: () => number
  readonly onProbe: (
    facts: ProbeFacts,
    state: { phase: 'connected' | 'degraded' | 'failed'; problem: string | null },
  ) => void
  /** Over how many of the last probes errors are counted; default 20. */
  readonly window?: number
}

export interface Probe {
  start(): void
  stop(): void
  /** Probes now, beside the schedule; joins a probe that is under way. */
  probeNow(): Promise<ProbeFacts>
}

/**
 * Asks an endpoint on a schedule whether it is ready. The next probe is planned when one ends, so that a hanging endpoint has one
 * probe waiting at most, and that one ends with the client's time limit.
 */
export function createProbe(options: ProbeOptions): Probe {
  const window = options.window ?? 20
  const failures: boolean[] = []
  let server: { name: string; version: string } | null = null
  let timer: NodeJS.Timeout | null = null
  let running: Promise<ProbeFacts> | null = null
  let abort = new AbortController()
  let isStarted = false

  async function probe(): Promise<ProbeFacts> {
    const { signal } = abort
    const ready = await options.client.ready(signal)
    const isReady = ready.ok && ready.value
    // Name and version are asked for again after trouble: perhaps another server answers now.
    if (!isReady) server = null
    else if (!server) {
      const reply = await options.client.server(signal)
      if (reply.ok) server = reply.value
    }
    failures.push(!isReady)
    if (failures.length > window) failures.shift()
    const errors = failures.filter(Boolean).length
    const facts: ProbeFacts = {
      at: options.now(),
      isReady,
      latencyMs: ready.ok ? ready.latencyMs : null,
      errorShare: errors / failures.length,
      probes: failures.length,
      serverName: server?.name ?? null,
      serverVersion: server?.version ?? null,
    }
    const problem = ready.ok
      ? isReady
        ? null
        : 'the server answers, but the model is not ready'
      : ready.problem.message
    if (!signal.aborted)
      options.onProbe(facts, {
        phase: isReady ? (errors > 0 ? 'degraded' : 'connected') : 'failed',
        problem: isReady && errors > 0 ? `${errors} of the last ${failures.length} probes failed` : problem,
      })
    return facts
  }

  function probeNow() {
    running ??= probe().finally(() => {
      running = null
    })
    return running
  }

  async function round() {
    timer = null
    await probeNow()
    if (isStarted) timer = setTimeout(round, options.everyMs)
  }

  return {
    probeNow,
    start() {
      if (isStarted) return
      isStarted = true
      abort = new AbortController()
      timer = setTimeout(round, 0)
    },
    stop() {
      isStarted = false
      if (timer) clearTimeout(timer)
      timer = null
      abort.abort()
    },
  }
}
