import type { AuditDraft, AuditEntry, AuditReceipt, Checkpoint } from '../contract/audit.ts'
import type { KeptHalves } from '../contract/exchange.ts'
import type { Finding, MonitorKind, Subject, Target } from '../contract/finding.ts'
import type { IntakeBatch, IntakeResult } from '../contract/intake.ts'
import type { Window } from '../contract/primitives.ts'
import type { Binning, Profile } from '../contract/profile.ts'
import type { LinkOf, RecordKind, RecordOf, Revisioned } from '../contract/records.ts'
import type { StoredReport } from '../contract/report.ts'
import type { DeadLetter, DeadLetterFilter, Label, LabelledSample, Sample } from '../contract/sample.ts'
import type { SampleTable } from '../contract/table.ts'

export type { AppendResult, IncomingSample, IntakeBatch, IntakeResult } from '../contract/intake.ts'

/**
 * The workspace's port. Every method is one whole transaction with an async signature, so that another database can
 * stand behind it. Adapters pass the suite in `test/suites/store`.
 */
export interface Store {
  readonly records: RecordStore
  readonly audit: AuditStore
  readonly samples: SampleStore
  readonly telemetry: TelemetryStore
  readonly profiles: ProfileStore
  readonly findings: FindingStore
  readonly intake: IntakeStore
  readonly blobs: BlobStore
  readonly facts: () => Promise<{ path: string; databaseBytes: number; samples: number; telemetryPoints: number }>
  close(): Promise<void>
}

/** One change to a governed record. `revision` is the one it was made on; null creates. */
export type Put = {
  [K in RecordKind]: { readonly kind: K; readonly record: RecordOf<K>; readonly revision: number | null }
}[RecordKind]

export type CommitResult =
  | { readonly status: 'committed'; readonly receipt: AuditReceipt; readonly revisions: readonly number[] }
  /** Somebody else changed it first: nothing was written. */
  | {
      readonly status: 'stale'
      readonly kind: RecordKind
      readonly id: string
      readonly currentRevision: number | null
    }
  /** A link names a record that does not exist, or a unique key is taken: nothing was written. */
  | { readonly status: 'conflict'; readonly message: string }

export type RecordFilter<K extends RecordKind> =
  | { readonly link: LinkOf<K>; readonly id: string }
  | { readonly target: Target }

export interface RecordStore {
  get<K extends RecordKind>(kind: K, id: string): Promise<Revisioned<K> | null>
  /** By the unique `key` (or `login`, `name` within a model for versions) of a record. */
  find<K extends RecordKind>(kind: K, key: string): Promise<Revisioned<K> | null>
  /** In order of creation; `where` narrows by one linked record, or to what is about one target. */
  list<K extends RecordKind>(kind: K, where?: RecordFilter<K>): Promise<Revisioned<K>[]>
  /** All revisions, oldest first, each with the audit entry that made it. */
  history<K extends RecordKind>(kind: K, id: string): Promise<(Revisioned<K> & { at: number; auditIndex: number })[]>
  /**
   * Writes all puts and exactly one audit entry in one transaction. `labels` lets a review's labels join it. Records are parsed
   * before they are written.
   */
  commit(puts: readonly Put[], audit: AuditDraft, extra?: { readonly labels?: readonly Label[] }): Promise<CommitResult>
}

export interface AuditStore {
  size(): Promise<number>
  entry(index: number): Promise<{ entry: AuditEntry; leafHash: string; canonical: string } | null>
  /** Newest first, before `cursor` (an index). */
  list(filter: {
    limit: number
    before: number | null
    action: string | null
    subjectId: string | null
    actorId: string | null
  }): Promise<{ entry: AuditEntry; leafHash: string }[]>
  /** Leaf hashes `[from, to)` in order, hexadecimal. */
  leafHashes(from: number, to: number): Promise<string[]>
  /** Canonical bytes of entries `[from, to)` in order. */
  canonicalEntries(from: number, to: number): Promise<string[]>
  rootHash(): Promise<{ size: number; rootHash: string }>
  addCheckpoint(checkpoint: Checkpoint): Promise<void>
  newestCheckpoint(): Promise<Checkpoint | null>
  checkpoints(): Promise<Checkpoint[]>
}

export interface SampleFilter {
  readonly deploymentId: string
  readonly window: Window
  readonly prediction?: string
  readonly label?: string
  readonly isLabelled?: boolean
  readonly isError?: boolean
  readonly column?: { readonly name: string; readonly value: string }
}

export interface SampleStore {
  /**
   * Stores samples, telemetry and labels of one intake batch and folds profiles, in one durable transaction: when the promise
   * resolves, all of it survives a crash. A repeated sample id changes nothing. A label before its sample waits for it.
   */
  append(batch: IntakeBatch): Promise<IntakeResult>
  get(deploymentId: string, id: string): Promise<LabelledSample | null>
  /** Newest event time first. `cursor` is opaque. */
  list(
    filter: SampleFilter,
    page: { limit: number; cursor: string | null },
  ): Promise<{ items: LabelledSample[]; nextCursor: string | null }>
  count(filter: Pick<SampleFilter, 'deploymentId' | 'window'>): Promise<{ samples: number; labelled: number }>
  /**
   * Samples of a window as columns in order of event time; `columns` null reads all inputs, `limit` keeps the newest. Ids are
   * null unless asked for. The same samples give the same table however they are stored. Fast: this feeds the analyses.
   */
  table(query: {
    deploymentId: string
    window: Window
    versionId?: string
    columns?: readonly string[] | null
    labelledOnly?: boolean
    limit?: number
    withIds?: boolean
  }): Promise<SampleTable>
  /** Moves hot rows into columnar chunks; returns how many. Safe at any time, resumable. */
  seal(options: { olderThan: number; maxRows: number }): Promise<number>
  /**
   * Removes what retention no longer keeps; labelled samples stay three times as long. One that comes again is a repetition all the
   * same, for as long as its profile stays. Returns counts for the audit log.
   */
  retain(options: { now: number }): Promise<{ deploymentId: string; samples: number; from: number; to: number }[]>
  /** Gaps in a device's sequence numbers: lost before they reached the console. */
  sequenceGaps(query: {
    deploymentId: string
    window: Window
  }): Promise<{ deviceId: string; after: number; before: number; missing: number }[]>
}

export interface IntakeStore {
  counters(): Promise<
    {
      connectionId: string
      received: number
      stored: number
      repeated: number
      refused: number
      lastAt: number | null
      lagMs: number | null
    }[]
  >
  /** Newest first, with ids below `before`; `ids` narrows to some of them. */
  deadLetters(query: {
    connectionId: string | null
    limit: number
    before: number | null
    filter?: DeadLetterFilter
    ids?: readonly number[]
  }): Promise<DeadLetter[]>
  /** How many of those that are kept match. */
  countDeadLetters(query: { connectionId: string | null; filter: DeadLetterFilter }): Promise<number>
  deadLetterCounts(): Promise<{ connectionId: string | null; code: string; count: number }[]>
  /** All of a letter's payload; null where only its beginning is kept. */
  deadLetterBody(id: number): Promise<Uint8Array | null>
  /** How many letters of each connection are held apart now. */
  heldCounts(): Promise<{ connectionId: string | null; count: number }[]>
  /** Letters held apart of an event time up to `upTo` that came at most `aheadMs` before it, oldest first, with ids above `after`. */
  heldDue(query: { upTo: number; aheadMs: number; after: number; limit: number }): Promise<DeadLetter[]>
  /** Halves of exchanges that `append` was told to keep for the other one. */
  halves(): Promise<KeptHalves>
}

export interface TelemetryStore {
  /** Points of one channel in order of time; NaN never occurs. */
  read(query: {
    deviceId: string
    channel: string
    window: Window
    limit?: number
  }): Promise<{ at: Float64Array; value: Float64Array }>
  /** Minimum and maximum per bucket, so that no peak is lost; at most `maxPoints` points. */
  downsample(query: {
    deviceId: string
    channel: string
    window: Window
    maxPoints: number
  }): Promise<{ at: number[]; value: number[]; points: number }>
  /** Newest point per channel. */
  newest(deviceId: string): Promise<{ channel: string; at: number; value: number }[]>
  channels(deviceId: string): Promise<{ channel: string; points: number; from: number; to: number }[]>
  /** Numbered messages of a device that came, about, and those between them that did not; `at` is when the numbers went on. */
  lostMessages(query: { deviceId: string; window: Window }): Promise<{
    numbered: number
    missing: number
    gaps: { at: number; after: number; before: number; missing: number }[]
  }>
  /** Removes a device's points before an instant; returns how many. A channel of which none is left is no longer listed. */
  retain(options: { deviceId: string; before: number }): Promise<number>
}

/** Pure fold given to the adapter, so that profiles are made in the transaction that stores the samples. */
export interface ProfileFold {
  empty(key: { deploymentId: string; versionId: string; hour: number }, binning: Binning | null): Profile
  addSample(profile: Profile, sample: Sample, binning: Binning | null): void
  /** A label for a sample already folded; `previous` is the label it replaces. */
  addLabel(
    profile: Profile,
    sample: Sample,
    label: Label['label'],
    previous: Label['label'] | null,
    binning: Binning | null,
  ): void
  /** Sum of two profiles of the same deployment and version; the later one's hour is dropped. */
  merge(a: Profile, b: Profile): Profile
  /** Sum of any number; null of none. */
  sum(profiles: readonly Profile[]): Profile | null
}

export interface ProfileStore {
  /** Hourly profiles of a window, oldest first; hours are whole, so the window is widened to them. */
  read(query: { deploymentId: string; window: Window; versionId?: string }): Promise<Profile[]>
  /**
   * Sum of the hourly profiles of a window, widened to whole hours; null when there are none. Costs the same whatever the number of
   * samples, and hardly more for years than for months. The same window has the same answer, to the last digit.
   */
  sum(query: {
    deploymentId: string
    window: Window
    versionId?: string
    /** `outcomes` leaves `columns` empty, for those who need no more. */
    parts?: 'all' | 'outcomes'
  }): Promise<Profile | null>
  /** Makes at most `most` of the sums over days that are missing, and tells how many: to be called when there is time. */
  makeSpans(options: { most: number }): Promise<number>
  /** Sets how a version's values are binned and recomputes its profiles from stored samples. */
  setBinning(binning: Binning): Promise<void>
  binning(versionId: string): Promise<Binning | null>
  /** Recounts from the samples and compares; empty when profiles and samples agree. */
  check(deploymentId: string): Promise<string[]>
  /** Counts per hour, cheap enough for every row of the overview. */
  activity(query: { deploymentId: string; window: Window }): Promise<{ hour: number; n: number; labelled: number }[]>
}

export interface FindingStore {
  /** Stores a report and its findings, which already carry ids and limits, in one transaction. */
  add(report: StoredReport, findings: readonly Finding[]): Promise<void>
  get(id: string): Promise<Finding | null>
  report(id: string): Promise<StoredReport | null>
  latestReport(kind: MonitorKind, target: Target): Promise<StoredReport | null>
  /** Newest first. */
  list(filter: {
    target: Target | null
    kind: MonitorKind | null
    window: Window
    limit: number
    cursor: string | null
  }): Promise<{ items: Finding[]; nextCursor: string | null }>
  /** Of one number, oldest first by the end of their window. */
  series(query: { target: Target; kind: MonitorKind; subject: Subject; window: Window }): Promise<Finding[]>
  /** The newest finding of every subject of a target. */
  latest(target: Target): Promise<Finding[]>
  /**
   * One step of removing what was computed before these instants, about windows that ended before them: looks at up to `limit`
   * rows and says where to go on, null at the end. `details` counts reports of which only the findings are left; reading one gives
   * null. What is newest, and what any record or log entry names, stays.
   */
  retain(options: {
    findingsBefore: number
    reportsBefore: number
    limit: number
    cursor: string | null
  }): Promise<{ findings: number; reports: number; details: number; nextCursor: string | null }>
}

export interface BlobSweep {
  readonly files: number
  readonly bytes: number
}

export interface BlobUsage {
  readonly files: number
  readonly bytes: number
  /** Of the files whose sample a person has labelled: they go last. */
  readonly reviewedBytes: number
  readonly removed: number
}

export interface BlobStore {
  /** Stores bytes under their SHA-256 (temporary name, fsync, rename); the same bytes twice are one file. */
  put(bytes: Uint8Array): Promise<{ digest: string; bytes: number }>
  /**
   * Stores a file that comes with a sample, under the quota of such files: where there is no room, the oldest that nobody has
   * reviewed are removed. `held`: stored already for another use, so that it counts nowhere here.
   */
  putSample(
    bytes: Uint8Array,
    options: { readonly quotaBytes: number; readonly now: number },
  ): Promise<{ digest: string; bytes: number; state: 'kept' | 'held' | 'over-quota' }>
  /** Takes a file that came with a sample out of the quota, for good: something else names it now. */
  hold(digest: string): Promise<void>
  /**
   * Removes files of which no sample is left, and as many as are beyond the quota, the oldest and unreviewed first;
   * `forQuota` counts those that were removed to make room since the last sweep, too.
   */
  sweepSamples(options: {
    readonly quotaBytes: number
    readonly now: number
  }): Promise<{ unused: BlobSweep; forQuota: BlobSweep }>
  /** Files that came with samples, and how many of them were removed or never kept while their sample stays. */
  usage(): Promise<BlobUsage>
  /** When the file of a sample was removed for want of room; null where it was not. */
  removedAt(digest: string): Promise<number | null>
  /** Those of the digests whose files were removed for want of room. */
  removedAmong(digests: readonly string[]): Promise<string[]>
  /** Appends a chunk to an upload in progress; on the last one it becomes a blob. */
  stage(
    uploadId: string,
    offset: number,
    chunk: Uint8Array,
    isLast: boolean,
  ): Promise<{ receivedBytes: number; digest: string | null }>
  /** Verified while reading; throws when the bytes do not match their name. */
  get(digest: string): Promise<Uint8Array | null>
  has(digest: string): Promise<boolean>
  size(digest: string): Promise<number | null>
  /** Path of the file, for programs that read it themselves (an ONNX session); verified once. */
  path(digest: string): Promise<string | null>
}
