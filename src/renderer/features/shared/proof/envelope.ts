import type { DsseEnvelope } from '../../../../contract/release.ts'
import { canonicalText } from './hash.ts'

export type EnvelopeCheck =
  | { status: 'holds' }
  | { status: 'broken'; why: string }
  /** This browser cannot check Ed25519 signatures. */
  | { status: 'unchecked'; why: string }

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** What a DSSE signature is made over: type and payload with their lengths, so that neither can pass for the other. */
function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = new TextEncoder().encode(payloadType)
  const head = new TextEncoder().encode(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `)
  const whole = new Uint8Array(head.length + payload.length)
  whole.set(head)
  whole.set(payload, head.length)
  return whole
}

/**
 * Checks in this page that an envelope was signed with the key, and that what was signed is the predicate shown.
 * `publicKeyPem` is an Ed25519 key as SubjectPublicKeyInfo.
 */
export async function checkEnvelope(
  envelope: DsseEnvelope,
  publicKeyPem: string,
  shownPredicate: unknown,
): Promise<EnvelopeCheck> {
  const payload = fromBase64(envelope.payload)
  let key: CryptoKey
  try {
    const body = publicKeyPem.replaceAll(/-----[A-Z ]+-----|\s/g, '')
    key = await crypto.subtle.importKey('spki', fromBase64(body), 'Ed25519', false, ['verify'])
  } catch {
    return { status: 'unchecked', why: 'This browser cannot read the signer’s key.' }
  }
  const signed = preAuthenticationEncoding(envelope.payloadType, payload)
  const checks = await Promise.all(
    envelope.signatures.map(({ sig }) => crypto.subtle.verify('Ed25519', key, fromBase64(sig), signed)),
  )
  if (!checks.some((isRight) => isRight)) return { status: 'broken', why: 'The signature is not of this key.' }
  const statement: unknown = JSON.parse(new TextDecoder().decode(payload))
  const predicate =
    typeof statement === 'object' && statement !== null && 'predicate' in statement ? statement.predicate : null
  if (canonicalText(predicate) !== canonicalText(shownPredicate))
    return { status: 'broken', why: 'What was signed is not what is shown here.' }
  return { status: 'holds' }
}
