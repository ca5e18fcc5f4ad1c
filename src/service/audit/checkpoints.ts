import type { Checkpoint } from '../../contract/audit.ts'
import { decodeHex, encodeHex } from '../../rules/proof/bytes.ts'
import { signCheckpoint, verifyCheckpoint } from '../../rules/proof/checkpoint.ts'
import type { Store } from '../../store/store.ts'
import { sha256Bytes } from '../proof/digest.ts'
import { merkle } from '../proof/merkle.ts'
import { noteKeyFor, noteSignerFor, type Signer, verifyEd25519 } from '../proof/signers.ts'
import type { LogTree } from './log-tree.ts'
import type { KnownKey } from './workspace-key.ts'

const crypto = { sha256: sha256Bytes, verifyEd25519 }

/** Why a stored checkpoint is not what a key of this workspace signed; null when it is. */
export function objectionToCheckpoint(
  stored: Checkpoint,
  origin: string,
  keys: readonly Pick<KnownKey, 'publicKeyPem'>[],
): string | null {
  const which = `The checkpoint at ${stored.size} entries`
  const noteKeys = keys.map(({ publicKeyPem }) => noteKeyFor(origin, publicKeyPem))
  const verdict = verifyCheckpoint(stored.note, noteKeys, crypto)
  if (verdict.status === 'malformed') return `${which} cannot be read: ${verdict.reason}`
  if (verdict.status !== 'verified') return `${which} is not signed by a key of this workspace`
  const { checkpoint } = verdict
  if (checkpoint.origin !== origin) return `${which} is of another log`
  if (checkpoint.size !== stored.size || encodeHex(checkpoint.root) !== stored.rootHash)
    return `${which} is stored with other numbers than were signed`
  return null
}

export type Signing =
  | { readonly status: 'signed' | 'unchanged'; readonly checkpoint: Checkpoint }
  | { readonly status: 'empty' }
  /** The log does not extend what was signed before: signing would bless the change. */
  | { readonly status: 'refused'; readonly problem: string }

/**
 * Signs the log as it is now, unless nothing came since. First it is proved that the log extends the newest checkpoint and agrees
 * with its own frontier.
 */
export async function signLog(parts: {
  readonly audit: Store['audit']
  readonly tree: LogTree
  readonly signer: Signer
  readonly keys: readonly Pick<KnownKey, 'publicKeyPem'>[]
  readonly origin: string
  readonly now: () => number
}): Promise<Signing> {
  const { audit, tree, signer, origin } = parts
  const { size, rootHash } = await audit.rootHash()
  const newest = await audit.newestCheckpoint()
  const refused = (problem: string): Signing => ({ status: 'refused', problem })
  if (newest !== null) {
    const objection = objectionToCheckpoint(newest, origin, parts.keys)
    if (objection !== null) return refused(objection)
    if (newest.size > size) return refused(`The log has ${size} entries, but ${newest.size} were signed before`)
  }
  if (size === 0) return { status: 'empty' }
  await tree.extendTo(size)
  const root = merkle.rootAt(tree.source, size)
  if (encodeHex(root) !== rootHash) return refused('The stored root is not that of the stored leaf hashes')
  if (newest !== null) {
    const proof = merkle.consistencyProof(tree.source, newest.size, size)
    const oldRoot = decodeHex(newest.rootHash) as Uint8Array
    if (!merkle.verifyConsistency({ oldSize: newest.size, oldRoot, newSize: size, newRoot: root, proof }))
      return refused(`The log of ${size} entries does not extend the one signed at ${newest.size}`)
    if (newest.size === size) return { status: 'unchanged', checkpoint: newest }
  }
  const note = signCheckpoint(sha256Bytes, { origin, size, root }, [noteSignerFor(origin, signer)])
  const checkpoint = { size, rootHash, at: parts.now(), note }
  await audit.addCheckpoint(checkpoint)
  return { status: 'signed', checkpoint }
}
