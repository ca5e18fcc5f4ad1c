import type { Checkpoint } from '../../contract/audit.ts'
import type { Cancellation } from '../../contract/primitives.ts'
import { type RecordKind, recordKinds } from '../../contract/records.ts'
import { encodeHex } from '../../rules/proof/bytes.ts'
import { emptyFrontier } from '../../rules/proof/merkle.ts'
import type { Store } from '../../store/store.ts'
import { canonicalBytes } from '../proof/canonical.ts'
import { sha256Hex } from '../proof/digest.ts'
import { merkle } from '../proof/merkle.ts'
import { objectionToCheckpoint } from './checkpoints.ts'
import { knownWorkspaceKeys } from './workspace-key.ts'

export interface LogVerdict {
  readonly isIntact: boolean
  readonly size: number
  readonly rootHash: string
  /** First thing that is wrong, in a sentence. */
  readonly problem: string | null
}

const entriesAtATime = 5000

interface Change {
  readonly kind: string
  readonly id: string
  readonly after: string
}

/** Reads every entry anew, hashes it, and compares with what is stored and what was signed. */
async function walkEntries(
  { audit }: Pick<Store, 'audit'>,
  checkpoints: readonly Checkpoint[],
  size: number,
  cancellation: Cancellation,
): Promise<{ problem: string | null; rootHash: string; latest: Map<string, Change> }> {
  const latest = new Map<string, Change>()
  const bySize = Map.groupBy(checkpoints, (checkpoint) => checkpoint.size)
  let frontier = emptyFrontier
  const failed = (problem: string) => ({ problem, rootHash: encodeHex(merkle.rootOf(frontier)), latest })
  for (let from = 0; from < size; from += entriesAtATime) {
    const to = Math.min(size, from + entriesAtATime)
    const [texts, stored] = await Promise.all([audit.canonicalEntries(from, to), audit.leafHashes(from, to)])
    if (cancellation.aborted) throw new Error('The check was cancelled')
    if (texts.length !== to - from) return failed(`Entries are missing between ${from} and ${to}`)
    for (const [offset, text] of texts.entries()) {
      const index = from + offset
      const leaf = merkle.hashLeaf(Buffer.from(text, 'utf8'))
      if (encodeHex(leaf) !== stored[offset]) return failed(`Entry ${index} has been changed`)
      const entry = JSON.parse(text) as { index: number; changes: readonly Change[] }
      if (entry.index !== index) return failed(`Entry ${index} says that it is entry ${entry.index}`)
      for (const change of entry.changes) latest.set(`${change.kind}/${change.id}`, change)
      frontier = merkle.appendLeaf(frontier, leaf)
      for (const checkpoint of bySize.get(frontier.size) ?? [])
        if (checkpoint.rootHash !== encodeHex(merkle.rootOf(frontier)))
          return failed(`The log is not the one that was signed at ${checkpoint.size} entries`)
    }
  }
  return { problem: null, rootHash: encodeHex(merkle.rootOf(frontier)), latest }
}

/** Every governed record must be as the newest entry about it says. */
async function findChangedRecord({ records }: Pick<Store, 'records'>, latest: Map<string, Change>) {
  const unseen = new Set(latest.keys())
  for (const kind of Object.keys(recordKinds) as RecordKind[]) {
    for (const { record } of await records.list(kind)) {
      const name = `${kind}/${record.id}`
      unseen.delete(name)
      if (latest.get(name)?.after !== sha256Hex(canonicalBytes(record)))
        return `The ${kind} ${record.id} is not as the log recorded it`
    }
  }
  const [gone] = unseen
  return gone === undefined ? null : `The ${gone.replace('/', ' ')} is in the log but no longer in the workspace`
}

/**
 * Recomputes the whole log from its entries: every leaf hash, the root, every checkpoint with its signature, and that records are as
 * the log says. O(n): a few seconds for 100,000 entries; meant for a worker.
 */
export async function verifyLog(
  store: Pick<Store, 'audit' | 'records'>,
  /** The key that the vault holds; null when there is none yet. Who rewrites the whole log has not got it. */
  trustedKeyId: string | null,
  cancellation: Cancellation = { aborted: false },
): Promise<LogVerdict> {
  const { audit } = store
  const { size, rootHash: storedRoot } = await audit.rootHash()
  const checkpoints = await audit.checkpoints()
  const settings = await store.records.get('settings', 'set_workspace')
  const keys = await knownWorkspaceKeys(audit)
  const verdict = (rootHash: string, problem: string | null): LogVerdict => ({
    isIntact: problem === null,
    size,
    rootHash,
    problem,
  })
  const newest = checkpoints.reduce((most, checkpoint) => Math.max(most, checkpoint.size), 0)
  if (newest > size)
    return verdict(storedRoot, `The log has ${size} entries, but ${newest} were signed: the end is missing`)
  const walked = await walkEntries(store, checkpoints, size, cancellation)
  if (walked.problem !== null) return verdict(walked.rootHash, walked.problem)
  if (walked.rootHash !== storedRoot) return verdict(walked.rootHash, 'The stored root is not that of the entries')
  for (const checkpoint of checkpoints) {
    const objection =
      settings === null
        ? 'The workspace has lost its settings'
        : objectionToCheckpoint(checkpoint, settings.record.logOrigin, keys)
    if (objection !== null) return verdict(walked.rootHash, objection)
  }
  if (trustedKeyId !== null && keys.at(-1)?.keyId !== trustedKeyId)
    return verdict(walked.rootHash, 'The log names another signing key than the vault holds')
  // Commands may have been recorded meanwhile: then their records are newer than what was walked.
  const changed = await findChangedRecord(store, walked.latest)
  const isStill = (await audit.rootHash()).size === size
  return verdict(walked.rootHash, isStill ? changed : null)
}
