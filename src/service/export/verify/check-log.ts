import { decodeHex, encodeHex } from '../../../rules/proof/bytes.ts'
import { objectionToCheckpoint } from '../../audit/checkpoints.ts'
import { workspaceKeyAction } from '../../audit/workspace-key.ts'
import { merkle } from '../../proof/merkle.ts'
import { keyIdOf } from '../../proof/signers.ts'
import { canonicalDigest } from '../../releases/certificate.ts'
import { exportedKinds, names } from '../shape.ts'
import type { ExportContent } from './content.ts'
import { type Verdict, verdictOf } from './verdict.ts'

type Problem = { message: string; file: string }

const bytes = (hex: string) => decodeHex(hex) ?? new Uint8Array(0)

/** Every entry hashes to its leaf, and every leaf is in the tree that was signed. */
export function checkEntries({ entries, checkpoints, manifest }: ExportContent): Verdict {
  const { size, rootHash } = checkpoints.newest
  const problems: Problem[] = []
  const file = names.entries
  if (manifest.log.size !== size || manifest.log.rootHash !== rootHash)
    problems.push({ message: 'The manifest names another log than the checkpoint', file: names.checkpoints })
  let previous = -1
  for (const { index, leafHash, canonical, path } of entries) {
    if (index <= previous) problems.push({ message: `Entry ${index} is out of order`, file })
    previous = index
    const leaf = merkle.hashLeaf(Buffer.from(canonical, 'utf8'))
    if (encodeHex(leaf) !== leafHash) problems.push({ message: `Entry ${index} does not have its leaf hash`, file })
    else if (!merkle.verifyInclusion({ leafHash: leaf, index, size, proof: path.map(bytes), root: bytes(rootHash) }))
      problems.push({ message: `Entry ${index} is not in the log that was signed`, file })
  }
  return verdictOf(problems, `${entries.length} entries are in the signed log of ${size}`)
}

/** The log was signed by the key of the export, extends what was signed before, and names its own keys. */
export function checkCheckpoints({ checkpoints, manifest, entries }: ExportContent): Verdict {
  const { newest, earlier, keys } = checkpoints
  const { logOrigin } = manifest.workspace
  const problems: Problem[] = []
  const file = names.checkpoints
  const say = (message: string) => problems.push({ message, file })
  for (const key of keys) {
    const entry = entries.find(({ index }) => index === key.index)?.entry
    const isRecorded =
      entry?.action === workspaceKeyAction &&
      entry.details.keyId === key.keyId &&
      entry.details.publicKeyPem === key.publicKeyPem &&
      keyIdOf(key.publicKeyPem) === key.keyId
    if (!isRecorded) say(`The key ${key.keyId} is not the one that the log recorded`)
  }
  const own = keys.filter(({ keyId }) => keyId === manifest.keyId)
  if (own.length === 0) say('The log does not know the key that signed this export')
  const objection = objectionToCheckpoint(newest, logOrigin, own)
  if (objection !== null) say(objection)
  for (const { checkpoint, path } of earlier) {
    const older = objectionToCheckpoint(checkpoint, logOrigin, keys)
    if (older !== null) say(older)
    const isExtended = merkle.verifyConsistency({
      oldSize: checkpoint.size,
      oldRoot: bytes(checkpoint.rootHash),
      newSize: newest.size,
      newRoot: bytes(newest.rootHash),
      proof: path.map(bytes),
    })
    if (!isExtended) say(`The log of ${newest.size} entries does not extend the one signed at ${checkpoint.size}`)
  }
  return verdictOf(problems, `The log is signed, and extends ${earlier.length} earlier checkpoints`)
}

/** Every record is, to the letter, what the newest entry about it says that it became. */
export function checkRecords({ records, entries }: ExportContent): Verdict {
  const newest = new Map<string, { after: string; revision: number }>()
  for (const { entry } of entries)
    for (const { kind, id, after, revision } of entry.changes) newest.set(`${kind}/${id}`, { after, revision })
  const problems: Problem[] = []
  let count = 0
  for (const kind of exportedKinds)
    for (const { revision, record } of records[kind]) {
      count += 1
      const change = newest.get(`${kind}/${record.id}`)
      if (change === undefined)
        problems.push({ message: `The log entry behind ${kind} ${record.id} is missing`, file: names.records })
      else if (change.revision !== revision || change.after !== canonicalDigest(record))
        problems.push({ message: `The ${kind} ${record.id} is not as the log recorded it`, file: names.records })
    }
  return verdictOf(problems, `${count} records are as the log recorded them`)
}
