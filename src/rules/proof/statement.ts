/**
 * The two public forms under a certificate: the in-toto Statement (v1), and the bytes that a DSSE signature covers.
 */
import { concatBytes, encodeUtf8 } from './bytes.ts'

export const statementType = 'https://in-toto.io/Statement/v1'
export const statementPayloadType = 'application/vnd.in-toto+json'

/** What a statement is about: a name and at least one digest, in lower-case hexadecimal, by algorithm. */
export type StatementSubject = { name: string; digest: Record<string, string> }

export type InTotoStatement<Predicate> = {
  _type: typeof statementType
  subject: StatementSubject[]
  predicateType: string
  predicate: Predicate
}

/** Puts a predicate about subjects into an in-toto Statement. Throws when there is no subject or one has no digest. */
export function buildStatement<Predicate>(parts: {
  subject: readonly StatementSubject[]
  predicateType: string
  predicate: Predicate
}): InTotoStatement<Predicate> {
  if (parts.subject.length === 0) throw new Error('A statement needs at least one subject')
  for (const { name, digest } of parts.subject) {
    if (Object.keys(digest).length === 0) throw new Error(`The statement's subject "${name}" has no digest`)
  }
  return {
    _type: statementType,
    subject: parts.subject.map(({ name, digest }) => ({ name, digest: { ...digest } })),
    predicateType: parts.predicateType,
    predicate: parts.predicate,
  }
}

/** DSSE v1 pre-authentication encoding: the bytes that are signed. Lengths are in bytes, in ASCII decimal. */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const type = encodeUtf8(payloadType)
  return concatBytes(encodeUtf8(`DSSEv1 ${type.length} `), type, encodeUtf8(` ${body.length} `), body)
}
