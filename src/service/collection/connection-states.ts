import type { Action } from '../../contract/alert.ts'
import type { Connection, ConnectionConfig, ConnectionState } from '../../contract/connection.ts'
import type { Store } from '../../store/store.ts'
import type { Append } from '../store-feeds.ts'

type Counters = ConnectionState['counters']
type Phase = ConnectionState['phase']

/** What every connection is doing, and how much came through it. */
export interface ConnectionStates {
  /** Reads the counters, and how the ways out ended last, from the store. */
  load(): Promise<void>
  /** Notes what a connection does now; `probe` where it is an endpoint. */
  report(
    connectionId: string,
    state: { phase: Phase; problem: string | null; probe?: ConnectionState['probe']; since?: number },
  ): void
  /** Counts a stored batch exactly as the store counts it. */
  count(append: Append): void
  /** How the last use of a way out ended, from the action that used it. */
  noteAction(action: Action): void
  /** The workspace cannot be written, or (null) can be again: no way in works meanwhile. */
  noteStorage(problem: string | null): void
  of(connection: Connection): ConnectionState
  probeFacts(connectionId: string): ConnectionState['probe']
  /** Whether anything ever came through it. */
  hasReceived(connectionId: string): boolean
}

const noCounters: Counters = { received: 0, stored: 0, repeated: 0, refused: 0, lastAt: null, lagMs: null }
const waysIn = new Set(['mqtt', 'ingest', 'prometheus', 'folder'])

interface Known {
  readonly phase: Phase
  readonly problem: string | null
  readonly since: number
  readonly probe: ConnectionState['probe']
}

/** Whether something runs for it as long as it is enabled. */
export const isLive = ({ kind }: ConnectionConfig): boolean =>
  kind === 'mqtt' || kind === 'endpoint' || kind === 'prometheus' || kind === 'folder'

export function createConnectionStates({
  store,
  now,
  onChange,
}: {
  store: Pick<Store, 'intake' | 'records'>
  now: () => number
  onChange: (connectionId: string) => void
}): ConnectionStates {
  const states = new Map<string, Known>()
  const counters = new Map<string, Counters>()
  let storage: { problem: string; since: number } | null = null

  function noteAction({ connectionId, finishedAt, state, problem: said }: Action): void {
    if (connectionId === null || finishedAt === null) return
    const known = states.get(connectionId)
    if (known !== undefined && known.since > finishedAt) return
    const problem = state === 'succeeded' ? null : (said ?? 'how the last use ended is not known')
    states.set(connectionId, {
      phase: problem === null ? 'connected' : 'failed',
      problem,
      since: finishedAt,
      probe: null,
    })
    onChange(connectionId)
  }

  /** What is known of a connection that nothing was reported of. */
  function initial({ isEnabled, config, createdAt }: Connection): Known {
    if (!isEnabled) return { phase: 'disabled', problem: null, since: createdAt, probe: null }
    return { phase: isLive(config) ? 'connecting' : 'connected', problem: null, since: createdAt, probe: null }
  }

  return {
    async load() {
      for (const { connectionId, ...counted } of await store.intake.counters()) counters.set(connectionId, counted)
      for (const { record } of await store.records.list('action')) noteAction(record)
    },

    report(connectionId, { phase, problem, probe = null, since = now() }) {
      const before = states.get(connectionId)
      const isSame = before !== undefined && before.phase === phase && before.problem === problem
      states.set(connectionId, { phase, problem, probe, since: before?.phase === phase ? before.since : since })
      if (!isSame || probe !== null) onChange(connectionId)
    },

    count({ batch, result }) {
      const { samples, labels, telemetry } = result
      for (const { connectionId, received, refused, lastAt, lagMs } of batch.counters) {
        const before = counters.get(connectionId) ?? noCounters
        counters.set(connectionId, {
          received: before.received + received,
          stored: before.stored + samples.stored + labels.stored + labels.waiting + telemetry.stored,
          repeated: before.repeated + samples.repeated + labels.repeated + telemetry.repeated,
          refused: before.refused + refused,
          lastAt: Math.max(before.lastAt ?? 0, lastAt),
          lagMs: lagMs ?? before.lagMs,
        })
      }
    },

    noteAction,

    noteStorage(problem) {
      storage = problem === null ? null : { problem, since: storage?.since ?? now() }
    },

    of(connection) {
      const { id, isEnabled, config } = connection
      const reported = states.get(id)
      // An action may end after its connection was disabled.
      const isOutdated = reported === undefined || (!isEnabled && reported.phase !== 'disabled')
      const known = isOutdated ? initial(connection) : reported
      const shown =
        storage !== null && isEnabled && waysIn.has(config.kind)
          ? { phase: 'degraded' as const, problem: storage.problem, since: storage.since, probe: null }
          : known
      return { connectionId: id, ...shown, counters: counters.get(id) ?? noCounters }
    },

    probeFacts: (connectionId) => states.get(connectionId)?.probe ?? null,
    hasReceived: (connectionId) => (counters.get(connectionId)?.lastAt ?? null) !== null,
  }
}
