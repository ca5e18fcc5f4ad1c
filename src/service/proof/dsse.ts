/** DSSE envelopes (v1) with Ed25519 signatures. */
import { verify } from 'node:crypto'
import type { DsseEnvelope } from '../../contract/release.ts'
import { decodeAnyBase64, encodeBase64 } from '../../rules/proof/bytes.ts'
import { preAuthEncoding } from '../../rules/proof/statement.ts'
import { keyIdOf, readPublicKey, type Signer } from './signers.ts'

export type VerifiedEnvelope =
  | { status: 'verified'; payloadType: string; payload: Uint8Array; keyIds: string[] }
  | { status: 'refused'; reason: string }

const maxSignatures = 64

/** Signs a payload with every signer, in their order. Throws when there is none. */
export function signEnvelope(parts: {
  payloadType: string
  payload: Uint8Array
  signers: readonly Signer[]
}): DsseEnvelope {
  if (parts.signers.length === 0) throw new RangeError('An envelope needs at least one signer')
  const message = preAuthEncoding(parts.payloadType, parts.payload)
  return {
    payloadType: parts.payloadType,
    payload: encodeBase64(parts.payload),
    signatures: parts.signers.map(({ keyId, sign }) => ({ keyid: keyId, sig: encodeBase64(sign(message)) })),
  }
}

/**
 * Verifies an envelope: at least `threshold` (one, unless told) different trusted keys must have signed it. Key ids in
 * the envelope are hints and decide nothing; signatures by other keys are ignored; two signatures by one key count once.
 * With `payloadType` any other type is refused. Returns the ids of the keys that signed, in the order in which they were
 * given. Throws only for a trusted key that is none, or a threshold that no one could mean.
 */
export function verifyEnvelope(
  envelope: DsseEnvelope,
  trust: { publicKeysPem: readonly string[]; threshold?: number; payloadType?: string },
): VerifiedEnvelope {
  const { threshold = 1, payloadType = envelope.payloadType } = trust
  if (!Number.isSafeInteger(threshold) || threshold < 1) throw new RangeError('At least one signature is needed')
  const refused = (reason: string): VerifiedEnvelope => ({ status: 'refused', reason })
  if (envelope.payloadType !== payloadType) {
    return refused(`The envelope carries ${JSON.stringify(envelope.payloadType)}, not ${JSON.stringify(payloadType)}`)
  }
  if (!payloadType.isWellFormed()) return refused("The envelope's payload type is not well-formed text")
  const payload = decodeAnyBase64(envelope.payload)
  if (payload === undefined) return refused("The envelope's payload is not Base 64")
  if (envelope.signatures.length > maxSignatures)
    return refused(`The envelope has more than ${maxSignatures} signatures`)
  const signatures: Uint8Array[] = []
  for (const [at, { sig }] of envelope.signatures.entries()) {
    const signature = decodeAnyBase64(sig)
    if (signature === undefined) return refused(`Signature ${at + 1} of the envelope is not Base 64`)
    signatures.push(signature)
  }
  const message = preAuthEncoding(payloadType, payload)
  const keys = new Map(trust.publicKeysPem.map((pem) => [keyIdOf(pem), readPublicKey(pem)]))
  const keyIds = [...keys].flatMap(([keyId, key]) =>
    signatures.some((signature) => verify(null, message, key, signature)) ? [keyId] : [],
  )
  if (keyIds.length < threshold) {
    return refused(`${keyIds.length} of the ${keys.size} trusted keys signed the envelope; ${threshold} needed`)
  }
  return { status: 'verified', payloadType, payload, keyIds }
}
