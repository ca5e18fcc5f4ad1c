/**
 * Checkpoints of the audit log (C2SP tlog-checkpoint): origin, size and root of the Merkle tree as a signed note.
 */
import { decodeBase64, encodeBase64, type Sha256 } from './bytes.ts'
import {
  type NoteKey,
  type NoteSignature,
  type NoteSigner,
  parseNote,
  signNote,
  type VerifyEd25519,
  verifyNote,
} from './signed-note.ts'

/** What a log commits to: `root` is the 32-byte root over the first `size` entries of the log named `origin`. */
export type Checkpoint = { origin: string; size: number; root: Uint8Array; extensions?: readonly string[] }

export type ParsedCheckpoint =
  | { status: 'parsed'; checkpoint: Required<Checkpoint>; text: string; signatures: NoteSignature[] }
  | { status: 'malformed'; reason: string }

export type VerifiedCheckpoint =
  | { status: 'verified'; checkpoint: Required<Checkpoint>; signedBy: NoteKey[] }
  | { status: 'malformed'; reason: string }
  | { status: 'wrong-signature'; name: string }
  | { status: 'no-known-signature' }

const rootBytes = 32

/** The text that is signed. Throws a RangeError on values that would read back as something else. */
export function checkpointText({ origin, size, root, extensions = [] }: Checkpoint): string {
  for (const line of [origin, ...extensions]) {
    if (line === '' || line.includes('\n')) throw new RangeError('A line of a checkpoint is neither empty nor several')
  }
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`A checkpoint's size is a count, got ${size}`)
  if (root.length !== rootBytes) throw new RangeError(`A root has ${rootBytes} bytes, got ${root.length}`)
  return `${[origin, size, encodeBase64(root), ...extensions].join('\n')}\n`
}

/** Signs a checkpoint: the note, ready to be stored or handed out. By convention a signer's name is the origin. */
export function signCheckpoint(sha256: Sha256, checkpoint: Checkpoint, signers: readonly NoteSigner[]): string {
  return signNote(sha256, checkpointText(checkpoint), signers)
}

/** Reads a checkpoint, strictly. It proves nothing until `verifyCheckpoint` has said so. */
export function parseCheckpoint(note: string): ParsedCheckpoint {
  const parsed = parseNote(note)
  if (parsed.status === 'malformed') return parsed
  const malformed = (reason: string): ParsedCheckpoint => ({
    status: 'malformed',
    reason: `The checkpoint is malformed: ${reason}`,
  })
  const { text, signatures } = parsed.note
  const lines = text.slice(0, -1).split('\n')
  const [origin, sizeLine, rootLine, ...extensions] = lines
  if (lines.length < 3) return malformed('it has fewer than three lines')
  if (lines.includes('')) return malformed(`line ${lines.indexOf('') + 1} is empty`)
  const size = /^(0|[1-9][0-9]*)$/.test(sizeLine) ? Number(sizeLine) : Number.NaN
  if (!Number.isSafeInteger(size)) return malformed('line 2 is not a tree size')
  const root = decodeBase64(rootLine)
  if (root?.length !== rootBytes) return malformed(`line 3 is not the Base 64 of a ${rootBytes}-byte root`)
  return { status: 'parsed', checkpoint: { origin, size, root, extensions }, text, signatures }
}

/** Reads a checkpoint and verifies it against the keys one trusts; the rules for signatures are those of `verifyNote`. */
export function verifyCheckpoint(
  note: string,
  keys: readonly NoteKey[],
  crypto: { sha256: Sha256; verifyEd25519: VerifyEd25519 },
): VerifiedCheckpoint {
  const parsed = parseCheckpoint(note)
  if (parsed.status === 'malformed') return parsed
  const verdict = verifyNote(parsed, keys, crypto)
  if (verdict.status !== 'verified') return verdict
  return { status: 'verified', checkpoint: parsed.checkpoint, signedBy: verdict.signedBy }
}
