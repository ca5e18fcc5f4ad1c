import type { Role, User } from '../contract/user.ts'
import type { WorkspaceSettings } from '../contract/workspace.ts'
import type { Store } from '../store/store.ts'
import type { Feed } from './feed.ts'
import type { Jobs } from './jobs/jobs.ts'
import type { WorkerPool } from './jobs/worker-pool.ts'
import type { SecretVault } from './proof/secrets.ts'
import type { EventHub } from './rpc/event-hub.ts'
import type { Log } from './rpc/log.ts'
import type { AccountParts } from './session/accounts.ts'
import type { Append, Commit } from './store-feeds.ts'
import type { Tasks } from './tasks/tasks.ts'

/** What every part of the service shares. `store.records` announces each commit to the pages and is counted per call. */
export interface ServiceContext {
  readonly workspacePath: string
  readonly isDemo: boolean
  readonly store: Store
  readonly vault: SecretVault
  readonly events: EventHub
  readonly jobs: Jobs
  readonly workers: WorkerPool<Tasks>
  /** A worker for what arrives: it waits for no analysis. */
  readonly intakeWorkers: WorkerPool<Tasks>
  readonly log: Log
  /** UTC epoch milliseconds. */
  readonly now: () => number
  /** A new record id with this prefix, rising with time. */
  readonly newId: (prefix: string) => string
  /** Uniform in [0, 1): for jitter, never for statistics. */
  readonly random: () => number
  readonly fetch: typeof globalThis.fetch
  readonly settings: () => Promise<WorkspaceSettings>
  readonly accounts: AccountParts
  /** Every commit to records, told after it is durable. */
  readonly commits: Feed<Commit>
  /** Every batch of samples, labels and telemetry, told after it is durable. */
  readonly appends: Feed<Append>
}

/** Names of everyone, disabled people included. */
export async function userNames(store: Store): Promise<Record<string, string>> {
  const users = await store.records.list('user')
  return Object.fromEntries(users.map(({ record }) => [record.id, record.name]))
}

export type { Role, User }
