import { encodeHex } from '../../rules/proof/bytes.ts'
import type { Store } from '../../store/store.ts'
import { createLogTree } from '../audit/log-tree.ts'
import { knownWorkspaceKeys, workspaceKeyAction } from '../audit/workspace-key.ts'
import { merkle } from '../proof/merkle.ts'
import type { GatheredRecords } from './gather-records.ts'
import { type ExportOrder, maxEarlierCheckpoints } from './order.ts'
import type { ExportedCheckpoints, ExportedEntry } from './shape.ts'

const maxEntriesPerSubject = 1000

async function indexesOf(
  store: Pick<Store, 'audit'>,
  order: ExportOrder,
  gathered: GatheredRecords,
): Promise<number[]> {
  const { size } = order.checkpoint
  const indexes = new Set(gathered.indexes)
  const none = { before: size, action: null, subjectId: null, actorId: null, limit: maxEntriesPerSubject }
  for (const subjectId of gathered.subjects)
    for (const { entry } of await store.audit.list({ ...none, subjectId })) indexes.add(entry.index)
  // The keys that signed, the set-up of the log, and the request for this very export.
  for (const { entry } of await store.audit.list({ ...none, action: workspaceKeyAction })) indexes.add(entry.index)
  const [exported] = await store.audit.list({ ...none, action: 'audit.export', limit: 1 })
  if (exported !== undefined) indexes.add(exported.entry.index)
  return [...indexes].filter((index) => index < size).sort((a, b) => a - b)
}

/** The entries behind the records, each with its path to the signed root, and the checkpoints with what links them. */
export async function gatherAudit(
  store: Pick<Store, 'audit'>,
  order: ExportOrder,
  gathered: GatheredRecords,
): Promise<{ entries: ExportedEntry[]; checkpoints: ExportedCheckpoints }> {
  const { audit } = store
  const newest = order.checkpoint
  const tree = createLogTree(audit)
  await tree.extendTo(newest.size)
  const entries: ExportedEntry[] = []
  for (const index of await indexesOf(store, order, gathered)) {
    const found = await audit.entry(index)
    if (found === null) throw new Error(`Entry ${index} of the log is missing`)
    entries.push({
      index,
      leafHash: found.leafHash,
      canonical: found.canonical,
      path: merkle.inclusionProof(tree.source, index, newest.size).map(encodeHex),
    })
  }
  const before = (await audit.checkpoints()).filter(({ size }) => size < newest.size)
  const earlier = before.slice(-maxEarlierCheckpoints).map((checkpoint) => ({
    checkpoint,
    path: merkle.consistencyProof(tree.source, checkpoint.size, newest.size).map(encodeHex),
  }))
  const keys = (await knownWorkspaceKeys(audit)).filter(({ index }) => index < newest.size)
  return { entries, checkpoints: { newest, earlier, keys } }
}
