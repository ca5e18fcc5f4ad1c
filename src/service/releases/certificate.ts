import { z } from 'zod'
import type { Model, Version } from '../../contract/model.ts'
import { recordId, sha256 } from '../../contract/primitives.ts'
import {
  type Certificate,
  type CertificatePredicate,
  certificatePredicate,
  type DsseEnvelope,
  type Release,
  releaseId,
  signature,
  type TestPlan,
  type TestRun,
} from '../../contract/release.ts'
import {
  buildStatement,
  type StatementSubject,
  statementPayloadType,
  statementType,
} from '../../rules/proof/statement.ts'
import { canonicalBytes } from '../proof/canonical.ts'
import { sha256Hex } from '../proof/digest.ts'
import { signEnvelope, verifyEnvelope } from '../proof/dsse.ts'
import type { OpenSignature } from './signing.ts'

export const certificatePredicateType = 'urn:assay:certificate:v1'
export const approvalPredicateType = 'urn:assay:approval:v1'

const dayMs = 86_400_000

/** Predicate of an approval; its subjects are those of the certificate that it rests on. */
export const approvalPredicate = z.strictObject({
  release: releaseId,
  certificate: z.strictObject({ id: recordId('crt'), digest: sha256 }),
  signer: signature,
})
export type ApprovalPredicate = z.infer<typeof approvalPredicate>

/** SHA-256 of a value's canonical JSON. */
export const canonicalDigest = (value: unknown): string => sha256Hex(canonicalBytes(value))

/** What a statement about a version is about: its artifacts by digest, and the version as declared. */
export function subjectsOf(model: Model, version: Version): StatementSubject[] {
  return [
    { name: `${model.key}@${version.name}`, digest: { sha256: canonicalDigest(version) } },
    ...version.artifacts.map(({ name, digest }) => ({ name, digest: { sha256: digest } })),
  ]
}

/** Inside these declared ranges and categories the certificate holds; columns without either are left out. */
export function operatingEnvelopeOf({ schema }: Version): CertificatePredicate['operatingEnvelope'] {
  return Object.fromEntries(
    schema.columns
      .filter(({ range, categories }) => range !== undefined || categories !== undefined)
      .map(({ name, range, categories }) => [name, { range: range ?? null, categories: categories ?? null }]),
  )
}

function signStatement(open: OpenSignature, subject: StatementSubject[], predicateType: string, predicate: object) {
  return signEnvelope({
    payloadType: statementPayloadType,
    payload: canonicalBytes(buildStatement({ subject, predicateType, predicate })),
    signers: [open.signer],
  })
}

/** Builds and signs the certificate, or the refusal, of a release on one test run. */
export function signCertificate(
  parts: {
    readonly id: string
    readonly decision: CertificatePredicate['decision']
    readonly release: Release
    readonly model: Model
    readonly version: Version
    readonly plan: TestPlan
    readonly run: TestRun & { readonly evidenceDigest: string; readonly finishedAt: number }
  },
  open: OpenSignature,
): Certificate {
  const { id, decision, release, model, version, plan, run } = parts
  const issuedAt = open.signature.at
  const predicate = certificatePredicate.parse({
    decision,
    release: release.id,
    model: { id: model.id, key: model.key, name: model.name },
    version: { id: version.id, name: version.name },
    plan: { id: plan.id, name: plan.name, revision: run.planRevision, digest: run.planDigest },
    testRun: {
      id: run.id,
      evidenceDigest: run.evidenceDigest,
      datasetDigest: run.datasetDigest,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
    },
    gates: run.gates,
    signer: open.signature,
    issuedAt,
    validUntil: issuedAt + plan.validityDays * dayMs,
    operatingEnvelope: operatingEnvelopeOf(version),
    engine: run.engine,
  })
  return {
    id,
    releaseId: release.id,
    versionId: version.id,
    decision,
    envelope: signStatement(open, subjectsOf(model, version), certificatePredicateType, predicate),
    publicKeyPem: open.signer.publicKeyPem,
    predicate,
  }
}

/** Signs that a certified version may go to production. The envelope is kept in the audit entry of the approval. */
export function signApproval(
  parts: {
    readonly release: Release
    readonly model: Model
    readonly version: Version
    readonly certificate: Certificate
  },
  open: OpenSignature,
): DsseEnvelope {
  const predicate: ApprovalPredicate = {
    release: parts.release.id,
    certificate: { id: parts.certificate.id, digest: canonicalDigest(parts.certificate.envelope) },
    signer: open.signature,
  }
  return signStatement(open, subjectsOf(parts.model, parts.version), approvalPredicateType, predicate)
}

const statementShape = <T extends z.ZodType>(predicateType: string, predicate: T) =>
  z.strictObject({
    _type: z.literal(statementType),
    subject: z.array(z.strictObject({ name: z.string(), digest: z.strictObject({ sha256 }) })).min(1),
    predicateType: z.literal(predicateType),
    predicate,
  })
const certificateStatement = statementShape(certificatePredicateType, certificatePredicate)
const approvalStatement = statementShape(approvalPredicateType, approvalPredicate)

export type OpenedStatement<T> =
  | { readonly status: 'verified'; readonly statement: T }
  | { readonly status: 'refused'; readonly reason: string }

function openStatement<T extends z.ZodType>(
  envelope: DsseEnvelope,
  publicKeyPem: string,
  shape: T,
): OpenedStatement<z.infer<T>> {
  const verified = verifyEnvelope(envelope, { publicKeysPem: [publicKeyPem], payloadType: statementPayloadType })
  if (verified.status === 'refused') return verified
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(verified.payload))
  } catch {
    return { status: 'refused', reason: 'What was signed is not JSON' }
  }
  const parsed = shape.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return {
      status: 'refused',
      reason: `What was signed is another statement: ${issue.path.join('.')}: ${issue.message}`,
    }
  }
  return { status: 'verified', statement: parsed.data }
}

/** Checks a certificate's envelope against its signer's public key, and reads it. */
export const openCertificate = (envelope: DsseEnvelope, publicKeyPem: string) =>
  openStatement(envelope, publicKeyPem, certificateStatement)
export const openApproval = (envelope: DsseEnvelope, publicKeyPem: string) =>
  openStatement(envelope, publicKeyPem, approvalStatement)
