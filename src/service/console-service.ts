import type { PushRoute } from '../collect/route.ts'
import type { SecretVault } from './proof/secrets.ts'
import type { AuditWatch } from './rpc/audit-watch.ts'
import type { EventHub } from './rpc/event-hub.ts'
import type { Handlers } from './rpc/handlers.ts'
import type { Log } from './rpc/log.ts'
import type { Sessions } from './session/sessions.ts'

/** One message pushed over HTTP. The token is what came in the Authorization header; nothing has checked it yet. */
export interface IngestRequest {
  readonly token: string
  readonly route: PushRoute
  readonly body: Uint8Array
  /** By name in lower case; needed where the protocol has attributes in headers. */
  readonly headers?: Readonly<Record<string, string>>
}

/** `status` is an HTTP status; `body` is sent as JSON. Resolves once what was accepted is durable. */
export interface IngestReply {
  readonly status: number
  readonly body: object
}

/** A workspace at work, as the programs that serve it see it. */
export interface ConsoleService {
  readonly handlers: Handlers
  readonly events: EventHub
  readonly sessions: Sessions
  readonly audit?: AuditWatch
  ingest(request: IngestRequest): Promise<IngestReply>
  /** Counters of what comes in, in the text format of Prometheus. */
  metrics(): Promise<string>
  close(): Promise<void>
}

export interface OpenConsoleOptions {
  readonly workspacePath: string
  readonly isDemo: boolean
  readonly log: Log
  readonly vault: SecretVault
  /** File that worker threads run. */
  readonly workerEntry: URL
  /** For one command and not for watching: no connection is opened, nothing runs on schedule, no action is taken up. */
  readonly isPassive?: boolean
}

export type OpenConsole = (options: OpenConsoleOptions) => Promise<ConsoleService>
