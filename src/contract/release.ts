import { z } from 'zod'
import { datasetId, deploymentId, modelId, versionId } from './model.ts'
import { estimate, instant, json, reason, recordId, sha256, title } from './primitives.ts'

export const releaseId = recordId('rel')
export const testPlanId = recordId('tpl')
export const testRunId = recordId('trn')
export const certificateId = recordId('crt')
const userId = recordId('usr')

const gateBase = { id: z.string().regex(/^[a-z0-9-]{1,60}$/), title }

/** One application test. All run through the wire against the test deployment. */
export const gate = z.discriminatedUnion('kind', [
  z.strictObject({
    ...gateBase,
    kind: z.literal('metric'),
    metric: z.string(),
    /** Lower bound of the interval (or upper for errors) must clear `limit` when `usesInterval`. */
    limit: z.number(),
    direction: z.enum(['at-least', 'at-most']),
    usesInterval: z.boolean(),
    /** Largest tolerated loss against the version in production on the same test set; null: not compared. */
    maxLossAgainstProduction: z.number().nullable(),
  }),
  z.strictObject({
    ...gateBase,
    kind: z.literal('fairness'),
    measure: z.string(),
    groupColumns: z.array(z.string()).min(1),
    limit: z.number(),
    direction: z.enum(['at-least', 'at-most']),
    minimumGroupSize: z.int().min(1),
  }),
  z.strictObject({ ...gateBase, kind: z.literal('worst-slice'), maxErrorRate: z.number(), minCoverage: z.number() }),
  z.strictObject({
    ...gateBase,
    kind: z.literal('determinism'),
    samples: z.int().min(1),
    tolerance: z.number().min(0),
  }),
  z.strictObject({
    ...gateBase,
    kind: z.literal('perturbation'),
    samples: z.int().min(1),
    /** Numeric inputs move by this share of their standard deviation, image pixels by this share of full scale. */
    epsilon: z.number().min(0),
    maxFlipShare: z.number(),
    seed: z.int(),
  }),
  z.strictObject({ ...gateBase, kind: z.literal('missing-inputs'), samples: z.int().min(1) }),
  z.strictObject({
    ...gateBase,
    kind: z.literal('latency'),
    requestsPerSecond: z.number().min(0.1),
    durationMs: z.int().min(1000),
    quantile: z.number().min(0.5).max(0.999),
    limitMs: z.number(),
    maxErrorShare: z.number(),
  }),
])
export type Gate = z.infer<typeof gate>

export const testPlan = z.strictObject({
  id: testPlanId,
  name: title,
  modelId,
  /** Versioned test set on which metrics, fairness and slices are measured. */
  datasetId,
  gates: z.array(gate).min(1).max(100),
  /** A certificate on this plan is valid for so long. */
  validityDays: z.int().min(1).max(3650),
  authorId: userId,
  createdAt: instant,
})
export type TestPlan = z.infer<typeof testPlan>

export const gateResult = z.strictObject({
  gateId: z.string(),
  kind: z.string(),
  title,
  outcome: z.enum(['passed', 'failed', 'insufficient', 'error']),
  measured: estimate,
  unit: z.string(),
  limit: z.number().nullable(),
  direction: z.enum(['at-least', 'at-most']).nullable(),
  production: estimate.nullable(),
  message: z.string(),
  detail: json,
})
export type GateResult = z.infer<typeof gateResult>

export const testRun = z.strictObject({
  id: testRunId,
  releaseId,
  planId: testPlanId,
  planRevision: z.int(),
  /** Canonical digest of the plan as run. */
  planDigest: sha256,
  datasetDigest: sha256,
  versionId,
  deploymentId,
  endpointUrl: z.string(),
  state: z.enum(['running', 'passed', 'failed', 'error', 'cancelled']),
  startedAt: instant,
  finishedAt: instant.nullable(),
  startedBy: userId,
  gates: z.array(gateResult),
  problem: z.string().nullable(),
  /** Blob with every request's row, prediction, scores, latency of candidate and production: what `verify` recomputes from. */
  evidenceDigest: sha256.nullable(),
  engine: z.string(),
})
export type TestRun = z.infer<typeof testRun>

export const releaseState = z.enum([
  'draft',
  'testing',
  'tested',
  'certified',
  'refused',
  'approved',
  'releasing',
  'released',
  'superseded',
  'rolled-back',
  'withdrawn',
])
export type ReleaseState = z.infer<typeof releaseState>

export const signatureMeaning = z.enum(['review', 'approval', 'responsibility', 'authorship'])

/** What a person gives to sign: meaning, reason and the password again. The password goes no further than the key. */
export const signatureInput = z.strictObject({
  meaning: signatureMeaning,
  reason,
  password: z.string().min(1).max(200),
})
export type SignatureInput = z.infer<typeof signatureInput>

export const signature = z.strictObject({
  userId,
  userName: z.string(),
  meaning: signatureMeaning,
  reason,
  at: instant,
  keyId: sha256,
})
export type Signature = z.infer<typeof signature>

export const release = z.strictObject({
  id: releaseId,
  modelId,
  versionId,
  /** Version in production when the release was drafted. */
  fromVersionId: versionId.nullable(),
  testDeploymentId: deploymentId,
  productionDeploymentId: deploymentId,
  planId: testPlanId,
  state: releaseState,
  submittedBy: userId,
  reason,
  testRunIds: z.array(testRunId),
  certificateId: certificateId.nullable(),
  certification: signature.nullable(),
  approval: signature.nullable(),
  /** The action that carries it out. */
  actionIds: z.array(recordId('act')),
  history: z.array(z.strictObject({ state: releaseState, at: instant, userId: userId.nullable(), reason: z.string() })),
  createdAt: instant,
})
export type Release = z.infer<typeof release>

/** DSSE envelope, as in the public specification. */
export const dsseEnvelope = z.strictObject({
  payload: z.string(),
  payloadType: z.string(),
  signatures: z.array(z.strictObject({ keyid: z.string().optional(), sig: z.string() })).min(1),
})
export type DsseEnvelope = z.infer<typeof dsseEnvelope>

/** Predicate of a certificate; the subject of its statement is the version's artifacts by digest. */
export const certificatePredicate = z.strictObject({
  decision: z.enum(['certified', 'refused']),
  release: releaseId,
  model: z.strictObject({ id: modelId, key: z.string(), name: z.string() }),
  version: z.strictObject({ id: versionId, name: z.string() }),
  plan: z.strictObject({ id: testPlanId, name: z.string(), revision: z.int(), digest: sha256 }),
  testRun: z.strictObject({
    id: testRunId,
    evidenceDigest: sha256,
    datasetDigest: sha256,
    startedAt: instant,
    finishedAt: instant,
  }),
  gates: z.array(gateResult),
  signer: signature,
  issuedAt: instant,
  validUntil: instant,
  /** Inside these declared ranges and categories the statement holds. */
  operatingEnvelope: z.record(
    z.string(),
    z.strictObject({ range: z.tuple([z.number(), z.number()]).nullable(), categories: z.array(z.string()).nullable() }),
  ),
  engine: z.string(),
})
export type CertificatePredicate = z.infer<typeof certificatePredicate>

export const certificate = z.strictObject({
  id: certificateId,
  releaseId,
  versionId,
  decision: z.enum(['certified', 'refused']),
  envelope: dsseEnvelope,
  publicKeyPem: z.string(),
  predicate: certificatePredicate,
})
export type Certificate = z.infer<typeof certificate>
