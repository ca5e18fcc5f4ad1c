import { defaultRetention } from '../../contract/workspace.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { Store } from '../../store/store.ts'
import type { Log } from '../rpc/log.ts'
import { draftOf } from '../session/commit.ts'
import { probesKeptMs } from './probe-history.ts'
import { retainFindings } from './retain-findings.ts'

export interface Upkeep {
  start(): void
  /** Looks at once whether the files of samples keep to their quota, which may have been lowered. */
  tidySoon(): void
  stop(): void
}

export interface UpkeepParts {
  readonly store: Pick<Store, 'samples' | 'records' | 'telemetry' | 'profiles' | 'findings' | 'blobs'>
  readonly now: () => number
  readonly log: Log
  /** How much the files may take that come with samples. */
  readonly blobQuota: () => number
  readonly intervals?: Partial<UpkeepIntervals>
}

export interface UpkeepIntervals {
  /** Between looks for rows to seal when there were few, … */
  readonly sealMs: number
  /** … and while there are many. */
  readonly busySealMs: number
  readonly retainMs: number
  /** Between looks for sums of days to make when there were none, … */
  readonly spansMs: number
  /** … and while there are some. */
  readonly busySpansMs: number
}

/** Rows sealed in one go: enough for a chunk that reads well, few enough that nothing waits long for it. */
const sealRows = 8192
/** Younger samples stay hot: their labels and repetitions are about to come. */
const hotMs = 60_000
const dayMs = 86_400_000
/** Sums of days made in one go: some ten milliseconds each, in which nothing else is written. */
const mostSpans = 5

/**
 * Keeps the workspace tidy: hot samples are sealed into chunks every few seconds, profiles of days that are over are added up, and each hour what retention no longer
 * keeps is removed, samples before the files that none of them names any more, with an audit entry that says what. Failures are logged and tried again next time.
 */
export function createUpkeep({ store, now, log, blobQuota, intervals }: UpkeepParts): Upkeep {
  const { sealMs, busySealMs, retainMs, spansMs, busySpansMs } = {
    ...{ sealMs: 5_000, busySealMs: 500, retainMs: 3_600_000, spansMs: 300_000, busySpansMs: 500 },
    ...intervals,
  }
  const timers = new Set<NodeJS.Timeout>()
  let isStopped = true

  function later(work: () => Promise<number>, firstMs: number): void {
    const run = async () => {
      timers.delete(timer)
      let nextMs: number
      try {
        nextMs = await work()
      } catch (error) {
        log.error({ error }, 'Upkeep of the workspace failed and is tried again')
        nextMs = 60_000
      }
      if (!isStopped) later(work, nextMs)
    }
    const timer = setTimeout(run, firstMs)
    timer.unref()
    timers.add(timer)
  }

  async function seal(): Promise<number> {
    const moved = await store.samples.seal({ olderThan: now() - hotMs, maxRows: sealRows })
    return moved >= sealRows / 2 ? busySealMs : sealMs
  }

  async function makeSpans(): Promise<number> {
    const made = await store.profiles.makeSpans({ most: mostSpans })
    return made > 0 ? busySpansMs : spansMs
  }

  const settings = async () =>
    (await store.records.get('settings', 'set_workspace'))?.record.retention ?? defaultRetention

  /** Longer than set where the profiles of a deployment that a device feeds are. */
  async function retainTelemetry(
    telemetryDays: number,
  ): Promise<{ deviceId: string; points: number; before: number }[]> {
    const deployments = await store.records.list('deployment')
    const removed: Awaited<ReturnType<typeof retainTelemetry>> = []
    for (const { record: device } of await store.records.list('device')) {
      const fed = deployments.filter(({ record }) => record.deviceId === device.id)
      const days = Math.max(telemetryDays, ...fed.map(({ record }) => record.retention.profileDays))
      const before = Math.max(0, now() - days * dayMs)
      const points = await store.telemetry.retain({ deviceId: device.id, before })
      if (points > 0) removed.push({ deviceId: device.id, points, before })
    }
    return removed
  }

  /** Nobody's data: how endpoints answered, which no entry in the log needs to tell. */
  async function retainProbes(): Promise<void> {
    for (const { record } of await store.records.list('connection'))
      if (record.config.kind === 'endpoint')
        await store.telemetry.retain({ deviceId: record.id, before: Math.max(0, now() - probesKeptMs) })
  }

  async function retain(): Promise<number> {
    const samples = (await store.samples.retain({ now: now() })).map((removed) => ({ ...removed }))
    const kept = await settings()
    const telemetry = await retainTelemetry(kept.telemetryDays)
    await retainProbes()
    const findings = await retainFindings(store, kept, now(), () => isStopped)
    const { unused, forQuota } = await store.blobs.sweepSamples({ quotaBytes: blobQuota(), now: now() })
    const hasFiles = unused.files + forQuota.files > 0
    if (samples.length > 0 || telemetry.length > 0 || findings !== null || hasFiles) {
      const swept = { unused: { ...unused }, forQuota: { ...forQuota } }
      const told = { ...(findings !== null && { findings: { ...findings } }), ...(hasFiles && { files: swept }) }
      const details = { samples, telemetry, ...told }
      const draft = draftOf(systemCaller, now(), { action: 'system.retention', details })
      await store.records.commit([], draft)
    }
    return retainMs
  }

  /** Once, and never again. */
  function soon(work: () => Promise<unknown>): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      work().catch((error) => log.error({ error }, 'Upkeep of the workspace failed and is tried again'))
    }, 0)
    timers.add(timer)
  }
  let lastQuota = blobQuota()

  return {
    start() {
      if (!isStopped) return
      isStopped = false
      lastQuota = blobQuota()
      later(seal, 0)
      // Not at once: opening the console should be quick.
      later(retain, Math.min(retainMs, 120_000))
      later(makeSpans, Math.min(spansMs, 20_000))
    },
    tidySoon() {
      const quota = blobQuota()
      if (!isStopped && quota < lastQuota) soon(retain)
      lastQuota = quota
    },
    stop() {
      isStopped = true
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}
