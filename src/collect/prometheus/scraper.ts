import type { PrometheusConfig } from '../../contract/connection.ts'
import type { ScrapePick } from '../../contract/scrape.ts'
import type { EndpointResult } from '../http-call.ts'
import type { Intake } from '../intake.ts'
import type { Exposition } from './parse-exposition.ts'
import { type LastCounters, readChannels } from './read-channels.ts'

export interface ScraperOptions {
  readonly connectionId: string
  readonly config: PrometheusConfig
  readonly scrape: (signal?: AbortSignal) => Promise<EndpointResult<Exposition>>
  readonly intake: Intake
  readonly now: () => number
  readonly onState: (state: { phase: 'connected' | 'degraded' | 'failed'; problem: string | null }) => void
}

/** A pick as it would be written: `node_cpu_seconds_total{mode="idle"}`. */
export function writePick({ metric, labels }: Pick<ScrapePick, 'metric' | 'labels'>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`
}

/** What a scrape lacks, in a sentence; null when every pick found its series and every line was read. */
export function faultOfScrape(
  picks: readonly ScrapePick[],
  matches: readonly number[],
  { faults, faultCount }: Pick<Exposition, 'faults' | 'faultCount'>,
): string | null {
  const missing = picks.filter((_, i) => matches[i] === 0)
  if (missing.length > 0) {
    const more = missing.length > 3 ? ` and ${missing.length - 3} more` : ''
    return `no series matches ${missing.slice(0, 3).map(writePick).join(', ')}${more}`
  }
  if (faultCount === 0) return null
  return `${faultCount} lines cannot be read; line ${faults[0].line}: ${faults[0].message}`
}

/**
 * Scrapes on a schedule and offers what the picks found as telemetry of one device. The next scrape is planned when one has been
 * stored, so that neither a slow exporter nor a full intake has more than one waiting.
 */
export function createScraper(options: ScraperOptions) {
  const { connectionId, config, intake, now } = options
  let before: LastCounters | null = null
  let timer: NodeJS.Timeout | null = null
  const abort = new AbortController()
  let running: Promise<void> = Promise.resolve()

  async function scrapeOnce(): Promise<void> {
    const at = now()
    const reply = await options.scrape(abort.signal)
    if (abort.signal.aborted) return
    if (!reply.ok) {
      options.onState({ phase: 'failed', problem: reply.problem.message })
      return
    }
    const read = readChannels(config.picks, reply.value.series, at, before)
    before = read.counters
    const problem = faultOfScrape(config.picks, read.matches, reply.value)
    let refusal: string | null = null
    if (Object.values(read.values).some((value) => value !== null)) {
      const json = { at, values: read.values }
      await intake.whenRoom(connectionId)
      const outcome = await intake.offer({
        connectionId,
        via: 'prometheus',
        source: config.url.slice(0, 900),
        route: { kind: 'telemetry', key: config.deviceKey },
        payload: Buffer.from(JSON.stringify(json)),
        decoded: { json, refusal: null },
      })
      refusal = outcome.refused[0]?.reason ?? null
    }
    if (abort.signal.aborted) return
    const said = refusal ?? problem
    options.onState({ phase: said === null ? 'connected' : 'degraded', problem: said })
  }

  function round(): void {
    timer = null
    const startedAt = performance.now()
    running = scrapeOnce()
      // The intake has closed: there is nobody to scrape for.
      .catch(() => {})
      .then(() => {
        const spent = performance.now() - startedAt
        if (!abort.signal.aborted) timer = setTimeout(round, Math.max(0, config.everyMs - spent))
      })
  }

  return {
    start: () => {
      timer = setTimeout(round, 0)
    },
    async stop() {
      abort.abort()
      if (timer !== null) clearTimeout(timer)
      await running
    },
  }
}
