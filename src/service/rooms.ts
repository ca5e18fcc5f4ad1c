import type { EndpointClient } from '../collect/endpoint.ts'
import type { MappingPreview } from '../collect/mapping/preview-mapping.ts'
import type { ProbeFacts } from '../collect/probe.ts'
import type { KeptMessage } from '../collect/recent-messages.ts'
import type { Action } from '../contract/alert.ts'
import type { Connection, ConnectionState } from '../contract/connection.ts'
import type { Target } from '../contract/finding.ts'
import type { MappingSpec } from '../contract/mapping.ts'
import type { Window } from '../contract/primitives.ts'
import type { Revisioned } from '../contract/records.ts'
import type { DeadLetter } from '../contract/sample.ts'
import type { Caller } from '../contract/user.ts'
import type { ReplayOptions, ReplayOutcome } from './collection/replay-letters.ts'
import type { ReportedVersion } from './collection/reported-versions.ts'
import type { IngestReply, IngestRequest } from './console-service.ts'

/* The parts of the service as the other parts see them. */

/** One probe of an endpoint, as kept for the endpoint's monitor. */
export interface ProbeRecord {
  readonly at: number
  readonly isReady: boolean
  readonly latencyMs: number | null
  /** How far the server's clock is ahead of ours, ms, by the date of its reply; absent where it says none. */
  readonly clockSkewMs?: number
}

/** What came in, told after it is durable. */
export interface Arrival {
  readonly targets: readonly Target[]
  readonly what: 'samples' | 'labels' | 'telemetry'
  readonly count: number
}

/** Ways in: brokers, endpoints, pushes. */
export interface Collection {
  /** Opens every enabled connection. */
  start(): Promise<void>
  stateOf(connection: Connection): ConnectionState
  /** Starts a connection anew. Commits to connections are followed without being asked. */
  reload(connectionId: string): Promise<void>
  /** Reads names and schemas anew. Commits are followed without being asked. */
  refreshDirectory(): Promise<void>
  /** A client for an endpoint connection with its secrets; throws RpcError `unavailable` when a secret is missing. */
  endpointClient(connection: Connection): Promise<EndpointClient>
  /** Probes of an endpoint, oldest first; at most a week of them, those from before the start too. */
  probes(connectionId: string, window: Window): readonly ProbeRecord[]
  /** The least time from event to arrival of a device's data, ms, hour by hour; in memory, none from before the start. */
  arrivalLags(deviceId: string, window: Window): readonly number[]
  probeFacts(connectionId: string): ProbeFacts | null
  /** What a person who maps messages needs. */
  readonly mapping: {
    /** The newest messages as they came, newest first. */
    recent(connectionId: string): readonly KeptMessage[]
    /** Adds what was heard beside the running connection. */
    note(connectionId: string, message: { readonly source: string; readonly payload: Uint8Array }): void
    preview(connectionId: string, spec: MappingSpec): MappingPreview
  }
  /** The version that a device's newest sample names; null where none is known. */
  reportedVersion(deviceId: string): ReportedVersion | null
  /** Gives dead letters to the intake again. */
  replay(letters: readonly DeadLetter[], options?: ReplayOptions): Promise<ReplayOutcome[]>
  /** Told of what became durable; the result ends it. */
  onArrival(listener: (arrival: Arrival) => void): () => void
  ingest(request: IngestRequest): Promise<IngestReply>
  close(): Promise<void>
}

/** Questions asked on schedule, and what follows from the answers. */
export interface Monitoring {
  start(): Promise<void>
  /** Monitors and limits that a new deployment, device or endpoint gets, written in one commit. */
  addDefaults(target: Target, caller: Caller): Promise<void>
  /** Runs a monitor as if it were `at`; its findings are judged and alerts decided. Returns the report's id. */
  runMonitor(monitorId: string, at: number, signal?: AbortSignal): Promise<string | null>
  /** Runs every enabled monitor of a target at each of its scheduled instants in the window, oldest first. */
  backfill(target: Target, window: Window, signal?: AbortSignal): Promise<number>
  close(): Promise<void>
}

export interface ActionRequest {
  readonly kind: Action['kind']
  readonly alertId: string | null
  readonly releaseId: string | null
  readonly deploymentId: string
  readonly connectionId: string
  readonly targetVersionId: string | null
  readonly reason: string
  readonly caller: Caller
  /** Name of the audit entry that records the request, e.g. `actions.start`. */
  readonly auditAction: string
}

/** Ways out, through an outbox: the request is durable before the call leaves. */
export interface Actions {
  /** Takes up what was under way when the console stopped: calls that had left become `unknown`. */
  start(): Promise<void>
  /**
   * Stores the request (one audit entry; `alsoPut` joins its transaction) and starts it in the background. Rejects with an
   * RpcError when the connection cannot do this kind of work.
   */
  request(
    request: ActionRequest,
    alsoPut?: (action: Action) => readonly import('../store/store.ts').Put[],
  ): Promise<Revisioned<'action'>>
  /** Told when an action has ended and is stored; the result ends it. */
  onEnded(listener: (action: Action) => Promise<void>): () => void
  close(): Promise<void>
}
