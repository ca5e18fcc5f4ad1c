import { AsyncLocalStorage } from 'node:async_hooks'
import type { Monitor, Target } from '../../contract/finding.ts'
import type { Deployment } from '../../contract/model.ts'
import type { Window } from '../../contract/primitives.ts'
import type { Caller } from '../../contract/user.ts'
import type { Put } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import type { RunOptions } from '../jobs/worker-pool.ts'
import type { Collection, Monitoring } from '../rooms.ts'
import { runLater, type Schedule } from '../rpc/event-hub.ts'
import { draftOf } from '../session/commit.ts'
import { createTurns } from '../session/in-turn.ts'
import type { Reply } from '../tasks/questions/question.ts'
import { type Asked, completeParameters, createAsking } from './ask.ts'
import { instantsIn } from './cron.ts'
import { defaultMonitors } from './defaults.ts'
import { levelOfLook, spendsBudget } from './evidence-budget.ts'
import { createLimits, type Limits, thresholdSetsOf } from './limits-in-force.ts'
import { createLooks } from './looks.ts'
import { createNotices } from './notices.ts'
import { createSettling } from './settle.ts'
import { createTimetable } from './timetable.ts'

/** When a monitor ran and what stood in its way. */
export interface RunFacts {
  readonly lastRunAt: number | null
  readonly nextRunAt: number | null
  /** Why the last run gave no answer; null when it did. */
  readonly lastProblem: string | null
}

/** Monitoring as its own methods see it. */
export interface MonitoringRoom extends Monitoring {
  readonly limits: Limits
  factsOf(monitorId: string): Promise<RunFacts>
  /**
   * Asks a question for a person: the answer is stored with its numbers judged, and no alert comes of it. Rejects with an
   * RpcError `refused` when it cannot be asked.
   */
  askNow(asked: Asked, options: RunOptions): Promise<{ reportId: string } | { refusal: string }>
  /** Runs a monitor now, with progress; what cannot be asked is a sentence. */
  runNow(monitorId: string, options: RunOptions): Promise<{ reportId: string } | { refusal: string }>
}

export interface MonitoringOptions {
  /** Data-driven runs of one monitor are at least this far apart. */
  readonly minimumIntervalMs?: number
  /** How often the timetable is looked at. */
  readonly tickMs?: number
  readonly schedule?: Schedule
}

type Answered = { readonly reportId: string } | { readonly refusal: string }
/** Questions of a backfill that are under way at the same time. */
const askedAhead = 2
/** Answers of a new version from which it can be said what it decides by. */
const answersOfNewVersion = 300
const muteReviewMs = 60_000

/** Questions on schedule, as data comes, and on demand; alerts and recoveries follow from the answers. */
export function createMonitoring(
  context: ServiceContext,
  collection: Pick<Collection, 'probes' | 'onArrival'> & Partial<Pick<Collection, 'endpointClient' | 'arrivalLags'>>,
  { minimumIntervalMs = 60_000, tickMs = 1000, schedule = runLater }: MonitoringOptions = {},
): MonitoringRoom {
  const { store, log, now, newId, commits } = context
  const { records } = store
  const limits = createLimits(context)
  const notices = createNotices(context)
  const { settle, reviewMutes } = createSettling(context, limits, notices)
  const ask = createAsking(context, collection)
  const looks = createLooks(store)
  const timetable = createTimetable({ minimumIntervalMs })
  const inTurn = createTurns()
  const closing = new AbortController()
  const underWay = new Set<Promise<unknown>>()
  const facts = new Map<string, { lastRunAt: number; problem: string | null }>()
  // What follows from a call on its own account is not part of that call, nor counted with it.
  const outsideOfCalls = AsyncLocalStorage.snapshot()
  const stops: (() => void)[] = []
  let cancelTick = () => {}
  let mutesReviewedAt = 0
  const startedAt = now()
  /** Since when its version runs, by deployment. */
  const runsSince = new Map<string, number>()

  const signalWith = (signal: AbortSignal | undefined) =>
    signal === undefined ? closing.signal : AbortSignal.any([closing.signal, signal])

  /** The question that a monitor asks as of an instant. Evidence is asked for at the level of this look. */
  async function questionOf(monitor: Monitor, at: number): Promise<{ asked: Asked; level: number | null }> {
    const { kind, target, reference, windowMs, delayMs } = monitor
    const to = Math.max(1, at - delayMs)
    const window: Window = { from: Math.max(0, to - windowMs), to }
    const { defaults } = await context.settings()
    const parameters = completeParameters(kind, monitor.parameters, defaults)
    if (!spendsBudget(kind)) return { asked: { kind, target, reference, window, parameters }, level: null }
    const alpha = typeof parameters.alpha === 'number' ? parameters.alpha : defaults.alpha
    const level = levelOfLook(alpha, await looks.next(monitor, window))
    const spent = 'alpha' in parameters ? { ...parameters, alpha: level } : parameters
    return { asked: { kind, target, reference, window, parameters: spent }, level }
  }

  /** Stores an answer and remembers how the run went. */
  async function take(
    monitor: Monitor,
    at: number,
    level: number | null,
    startedAt: number,
    reply: Reply,
    tellsPeople: boolean,
  ): Promise<Answered> {
    facts.set(monitor.id, { lastRunAt: at, problem: reply.type === 'refused' ? reply.sentence : null })
    if (reply.type === 'refused') return { refusal: reply.sentence }
    const { report } = reply
    return { reportId: await settle({ report, monitor, at, durationMs: now() - startedAt, level, tellsPeople }) }
  }

  /** One run of one monitor; two of the same never overlap. */
  function run(monitorId: string, at: number, options: RunOptions, tellsPeople: boolean): Promise<Answered> {
    const work = inTurn(monitorId, async () => {
      const item = await records.get('monitor', monitorId)
      if (item === null) return { refusal: 'There is no such monitor' }
      const startedAt = now()
      try {
        const { asked, level } = await questionOf(item.record, at)
        const reply = await ask(asked, { ...options, signal: signalWith(options.signal) })
        return await take(item.record, at, level, startedAt, reply, tellsPeople)
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error)
        if (!signalWith(options.signal).aborted) facts.set(monitorId, { lastRunAt: at, problem })
        throw error
      }
    })
    const settled = work.then(
      () => undefined,
      () => undefined,
    )
    underWay.add(settled)
    void settled.then(() => underWay.delete(settled))
    return work
  }

  /** When a monitor gave its last answer, from what is stored. */
  async function lastAnswerAt({ id, kind, target }: Monitor): Promise<number | null> {
    const window = { from: 0, to: now() + 1 }
    const { items } = await store.findings.list({ target, kind, window, limit: 300, cursor: null })
    return items.find((finding) => finding.monitorId === id)?.at ?? null
  }

  async function readMonitors(): Promise<void> {
    const monitors = await records.list('monitor')
    for (const { record } of monitors) {
      const lastRunAt = facts.has(record.id) ? null : await lastAnswerAt(record)
      if (lastRunAt !== null) facts.set(record.id, { lastRunAt, problem: null })
    }
    for (const { record } of monitors) placeInTime(record)
  }

  const placeInTime = (monitor: Monitor) => timetable.put(monitor, now(), facts.get(monitor.id)?.lastRunAt ?? null)

  function tick(): void {
    if (closing.signal.aborted) return
    for (const { monitor, at } of timetable.due(now()))
      void run(monitor.id, at, {}, true)
        .then((answered) => {
          if ('refusal' in answered)
            log.info({ monitorId: monitor.id, sentence: answered.refusal }, 'A monitor could not be asked')
        })
        .catch((error) => {
          if (!closing.signal.aborted)
            log.error({ monitorId: monitor.id, kind: monitor.kind, error }, 'A monitor failed')
        })
        .finally(() => timetable.ended(monitor.id))
    if (Math.abs(now() - mutesReviewedAt) >= muteReviewMs) {
      mutesReviewedAt = now()
      reviewMutes().catch((error) => log.error({ error }, 'Muted alerts could not be looked at'))
    }
    cancelTick = schedule(tick, tickMs)
  }

  /** The set of limits that a target begins with; null when it has one, or when nobody stands behind it. */
  async function firstThresholdSet(target: Target, caller: Caller): Promise<Put | null> {
    const sets = thresholdSetsOf(await records.list('thresholdSet', { target }), target)
    if (caller.userId === null || sets.length > 0) return null
    const { limits: given, notes } = await limits.defaultsOf(target)
    const at = now()
    const note = 'No findings are stored yet, so nothing could be replayed.'
    return {
      kind: 'thresholdSet',
      revision: null,
      record: {
        id: newId('thr'),
        target,
        version: 1,
        limits: [...given],
        authorId: caller.userId,
        reason: ['Limits to begin with, meant to be looked at.', ...notes].join(' '),
        backTest: { window: { from: at - 1, to: at }, findings: 0, weeks: [], silenced: 0, added: 0, note },
        isActive: true,
        createdAt: at,
      },
    }
  }

  /** What a new version decides by is asked once it has answered often enough to be asked about. */
  function noteVersion({ id, history }: Deployment): void {
    const since = history.at(-1)?.from ?? 0
    const isSwitch = history.length > 1 && since > (runsSince.get(id) ?? startedAt)
    runsSince.set(id, since)
    if (isSwitch) timetable.awaitItems(id, 'explanation', answersOfNewVersion)
  }

  async function addDefaults(target: Target, caller: Caller): Promise<void> {
    const existing = await records.list('monitor', { target })
    const deployment = target.type === 'deployment' ? await records.get('deployment', target.id) : null
    const version = deployment === null ? null : await records.get('version', deployment.record.versionId)
    const monitors = defaultMonitors(target, {
      deployment: deployment?.record ?? null,
      version: version?.record ?? null,
    })
    const taken = new Set(existing.map(({ record }) => record.kind))
    const set = await firstThresholdSet(target, caller)
    const puts: Put[] = monitors
      .filter(({ kind }) => !taken.has(kind))
      .map((monitor) => ({
        kind: 'monitor',
        record: { ...monitor, id: newId('mon'), target, createdAt: now() },
        revision: null,
      }))
    if (set !== null) puts.push(set)
    if (puts.length === 0) return
    const result = await records.commit(
      puts,
      draftOf(caller, now(), {
        action: 'system.defaults',
        subject: { kind: target.type, id: target.id, name: target.id },
        details: { monitors: puts.flatMap(({ kind, record }) => (kind === 'monitor' ? [record.name] : [])) },
      }),
    )
    if (result.status !== 'committed') throw new Error(`The monitors of ${target.id} could not be written`)
  }

  async function backfill(target: Target, window: Window, signal?: AbortSignal): Promise<number> {
    const monitors = (await records.list('monitor', { target }))
      .map(({ record }) => record)
      // What probes saw in the past nobody knows any more.
      .filter(({ isEnabled, kind }) => isEnabled && kind !== 'endpoint')
    const due = monitors
      .flatMap((monitor) =>
        monitor.schedule === null ? [] : instantsIn(monitor.schedule, window).map((at) => ({ monitor, at })),
      )
      .sort((a, b) => a.at - b.at)
    const options = { signal: signalWith(signal) }
    const ahead: Promise<() => Promise<Answered>>[] = []
    let asked = 0
    let count = 0
    // Asked a little ahead, settled strictly in order: what is decided about an alert depends on what was before.
    for (let index = 0; index < due.length; index += 1) {
      while (asked < due.length && ahead.length < askedAhead) {
        const { monitor, at } = due[asked]
        const startedAt = now()
        const question = await questionOf(monitor, at)
        const answer = ask(question.asked, options).then(
          (reply) => () => take(monitor, at, question.level, startedAt, reply, false),
        )
        // Looked at in its turn; until then a failure is nobody's.
        answer.catch(() => undefined)
        ahead.push(answer)
        asked += 1
      }
      const next = ahead.shift()
      if (next !== undefined && 'reportId' in (await (await next)())) count += 1
    }
    return count
  }

  return {
    limits,

    async start() {
      await readMonitors()
      stops.push(collection.onArrival((arrival) => timetable.note(arrival)))
      stops.push(
        commits.listen(({ puts }) => {
          for (const { kind, record } of puts) {
            if (kind === 'monitor') placeInTime(record)
            if (kind === 'deployment') noteVersion(record)
          }
        }),
      )
      await notices.resume()
      outsideOfCalls(tick)
    },

    addDefaults: (target, caller) => outsideOfCalls(() => addDefaults(target, caller)),

    async runMonitor(monitorId, at, signal) {
      const answered = await run(monitorId, at, { signal }, now() - at < 3_600_000)
      return 'reportId' in answered ? answered.reportId : null
    },

    runNow: (monitorId, options) => run(monitorId, now(), options, true),

    async askNow(asked, options) {
      const startedAt = now()
      const reply = await ask(asked, { ...options, signal: signalWith(options.signal) })
      if (reply.type === 'refused') return { refusal: reply.sentence }
      const { report } = reply
      const at = now()
      return {
        reportId: await settle({
          report,
          monitor: null,
          at,
          durationMs: at - startedAt,
          level: null,
          tellsPeople: false,
        }),
      }
    },

    backfill,

    async factsOf(monitorId) {
      const known = facts.get(monitorId)
      return {
        lastRunAt: known?.lastRunAt ?? null,
        nextRunAt: timetable.nextAt(monitorId),
        lastProblem: known?.problem ?? null,
      }
    },

    async close() {
      closing.abort(new Error('The console is closing'))
      cancelTick()
      for (const stop of stops) stop()
      await Promise.all(underWay)
      await notices.close()
    },
  }
}
