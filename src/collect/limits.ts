/** Caps of the intake; every one exists because a sender may be broken or hostile. */
export interface IntakeLimits {
  /** Largest message over MQTT; the push route passes its own, larger cap. */
  readonly messageBytes: number
  /** Deepest nesting of a JSON message. */
  readonly depth: number
  /** Largest picture or recording, as a file. */
  readonly blobBytes: number
  /** A source's waiting messages and bytes beyond which it must stop reading. */
  readonly queueMessages: number
  readonly queueBytes: number
  /** Most elements of one transaction: what came during the one before goes together, which saves a sync to disk. */
  readonly transactionElements: number
  /** A batch is committed when so many messages or bytes wait, … */
  readonly batchMessages: number
  readonly batchBytes: number
  /** … or when its oldest message has waited this long, … */
  readonly batchMs: number
  /** … or when nothing has come for this long: a sender with a small window must not wait for a timer. */
  readonly quietMs: number
  /** Refused elements of one message that get a dead letter each; the rest share one. */
  readonly lettersPerMessage: number
  /** Devices that one connection may bring in while the process runs. */
  readonly newDevices: number
  /** Waits between attempts to commit when the store fails. */
  readonly retryMs: { readonly first: number; readonly longest: number }
}

export const defaultLimits: IntakeLimits = {
  messageBytes: 1024 * 1024,
  depth: 32,
  blobBytes: 4 * 1024 * 1024,
  queueMessages: 20_000,
  queueBytes: 64 * 1024 * 1024,
  transactionElements: 4000,
  batchMessages: 1000,
  batchBytes: 1024 * 1024,
  batchMs: 20,
  quietMs: 2,
  lettersPerMessage: 100,
  newDevices: 20_000,
  retryMs: { first: 100, longest: 5000 },
}

/** Largest body of the push route. */
export const pushBytes = 8 * 1024 * 1024
/** How much is kept of a refused payload that is too large to be given again. */
export const keptPayloadBytes = 16 * 1024
/** What lies further ahead is a mistake in its units, which no waiting mends. */
export const furthestAheadMs = 366 * 86_400_000
