/**
 * Signed notes (C2SP signed-note v1): text, a blank line, then a line for each signature, here with Ed25519 keys
 * (signature type 1). Logs, witnesses and public verifiers exchange them.
 */
import {
  concatBytes,
  decodeBase64,
  decodeHex,
  encodeBase64,
  encodeHex,
  encodeUtf8,
  equalBytes,
  type Sha256,
} from './bytes.ts'

/** An Ed25519 key as notes know it: a name without spaces or plus signs, and the 32 raw bytes of the public key. */
export type NoteKey = { name: string; publicKey: Uint8Array }

/** A key that can sign: `sign` returns the 64-byte Ed25519 signature of a message. */
export type NoteSigner = NoteKey & { sign: (message: Uint8Array) => Uint8Array }

/** Tells whether an Ed25519 signature by a raw public key over a message is valid. */
export type VerifyEd25519 = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** A signature line: who claims to have signed, the first four bytes of the key's hash, and the signature proper. */
export type NoteSignature = { name: string; keyHash: Uint8Array; signature: Uint8Array }

export type SignedNote = { text: string; signatures: NoteSignature[] }

export type ParsedNote = { status: 'parsed'; note: SignedNote } | { status: 'malformed'; reason: string }

export type VerifiedNote =
  | { status: 'verified'; signedBy: NoteKey[] }
  | { status: 'wrong-signature'; name: string }
  | { status: 'no-known-signature' }

const maxNoteLength = 1_000_000
const maxSignatures = 100
const keyHashBytes = 4
const publicKeyBytes = 32
const ed25519Type = Uint8Array.of(1)

// Compared, not matched, so that no control character stands in a pattern.
const hasControlCharacter = (text: string) => [...text].some((character) => character < ' ' && character !== '\n')
const isKeyName = (name: string) => name !== '' && !/[\p{White_Space}+]/u.test(name) && !hasControlCharacter(name)

/** The four bytes that name a key in a signature line: of SHA-256(name, newline, type 1, public key). */
export function noteKeyHash(sha256: Sha256, { name, publicKey }: NoteKey): Uint8Array {
  if (!isKeyName(name)) throw new RangeError(`"${name}" cannot name a key: it is empty or holds a space or plus sign`)
  if (publicKey.length !== publicKeyBytes) {
    throw new RangeError(`An Ed25519 public key has ${publicKeyBytes} bytes, got ${publicKey.length}`)
  }
  return sha256(concatBytes(encodeUtf8(`${name}\n`), ed25519Type, publicKey)).slice(0, keyHashBytes)
}

/** A key in the one-line form that public verifiers take: name, key hash and public key, joined by plus signs. */
export function formatVerifierKey(sha256: Sha256, key: NoteKey): string {
  const encoded = encodeBase64(concatBytes(ed25519Type, key.publicKey))
  return `${key.name}+${encodeHex(noteKeyHash(sha256, key))}+${encoded}`
}

/** Reads a key in its one-line form; undefined when it is malformed, not Ed25519, or its hash does not fit. */
export function parseVerifierKey(sha256: Sha256, line: string): NoteKey | undefined {
  const [, name, hash, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line) ?? []
  if (name === undefined || !isKeyName(name)) return undefined
  const typedKey = decodeBase64(encoded)
  if (typedKey?.length !== publicKeyBytes + 1 || typedKey[0] !== ed25519Type[0]) return undefined
  const key = { name, publicKey: typedKey.slice(1) }
  return equalBytes(noteKeyHash(sha256, key), decodeHex(hash) as Uint8Array) ? key : undefined
}

/** Why a text cannot be a note's; undefined when it can. */
function objectionTo(text: string): string | undefined {
  if (!text.isWellFormed()) return 'it holds a lone surrogate'
  if (hasControlCharacter(text)) return 'it holds a control character'
  if (!text.endsWith('\n')) return 'its text does not end with a newline'
  return undefined
}

/** Signs a text, which must end with a newline, with every signer. Throws on a text that no note can carry. */
export function signNote(sha256: Sha256, text: string, signers: readonly NoteSigner[]): string {
  const objection = objectionTo(text)
  if (objection !== undefined) throw new RangeError(`This text cannot be signed as a note: ${objection}`)
  if (signers.length === 0) throw new RangeError('A note needs at least one signer')
  const message = encodeUtf8(text)
  const lines = signers.map((signer) => {
    const signature = encodeBase64(concatBytes(noteKeyHash(sha256, signer), signer.sign(message)))
    return `— ${signer.name} ${signature}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** Reads a signed note, strictly. It proves nothing until `verifyNote` has said so. */
export function parseNote(note: string): ParsedNote {
  const malformed = (reason: string): ParsedNote => ({
    status: 'malformed',
    reason: `The note is malformed: ${reason}`,
  })
  if (note.length > maxNoteLength) return malformed(`it is longer than ${maxNoteLength} characters`)
  const objection = objectionTo(note)
  if (objection !== undefined) return malformed(objection)
  const blankLineAt = note.lastIndexOf('\n\n')
  if (blankLineAt < 0) return malformed('no blank line sets the signatures apart')
  const lines = note.slice(blankLineAt + 2, -1).split('\n')
  if (lines.length > maxSignatures) return malformed(`it has more than ${maxSignatures} signatures`)
  const signatures: NoteSignature[] = []
  for (const [at, line] of lines.entries()) {
    const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? []
    if (name === undefined || !isKeyName(name)) return malformed(`signature line ${at + 1} is not "— name base64"`)
    const bytes = decodeBase64(encoded)
    if (bytes === undefined || bytes.length <= keyHashBytes) {
      return malformed(`signature line ${at + 1} holds no Base 64 of a key hash and a signature`)
    }
    signatures.push({ name, keyHash: bytes.slice(0, keyHashBytes), signature: bytes.slice(keyHashBytes) })
  }
  return { status: 'parsed', note: { text: note.slice(0, blankLineAt + 1), signatures } }
}

/**
 * Verifies a parsed note against the keys one trusts. Signatures by other keys are ignored; one wrong signature by a
 * known key spoils the note; without any signature by a known key nothing is proved.
 */
export function verifyNote(
  { text, signatures }: SignedNote,
  keys: readonly NoteKey[],
  { sha256, verifyEd25519 }: { sha256: Sha256; verifyEd25519: VerifyEd25519 },
): VerifiedNote {
  const message = encodeUtf8(text)
  const signedBy: NoteKey[] = []
  for (const key of keys) {
    const keyHash = noteKeyHash(sha256, key)
    const claimed = signatures.filter((line) => line.name === key.name && equalBytes(line.keyHash, keyHash))
    for (const { signature } of claimed) {
      if (!verifyEd25519(key.publicKey, message, signature)) return { status: 'wrong-signature', name: key.name }
    }
    if (claimed.length > 0) signedBy.push(key)
  }
  return signedBy.length > 0 ? { status: 'verified', signedBy } : { status: 'no-known-signature' }
}
