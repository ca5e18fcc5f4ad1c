import { z } from 'zod'
import { columnType, schemaSpec } from '../../../contract/model.ts'
import { instant, sha256 } from '../../../contract/primitives.ts'

/*
 * Evidence of a test run: UTF-8 text, one JSON object a line (JSON Lines), every line ended by a newline.
 *
 *   line 1      {"header":{…}}       what was asked of whom
 *   next lines  {"row":{…}}          one a row of the test set, in its order: values, label, both versions' answers
 *               {"repeat":{…}}       a row asked twice, for gates on determinism
 *               {"perturbed":{…}}    a row asked with noise on its inputs
 *               {"missing":{…}}      a row asked without one of its inputs
 *               {"request":{…}}      one request of a load, with when it was due and how long it took
 *   last line   {"end":{"lines":n}}  so that a cut is seen; n counts every line before it
 *
 * Missing values are null; infinite ones the texts "Infinity" and "-Infinity", which no numeric column holds otherwise. Scores
 * are in the order of the schema's classes. Everything that gates are judged by stands here: judging the file again gives the
 * same results.
 */

export const evidenceFormat = 'assay.evidence/1'

const problem = z.strictObject({
  kind: z.enum(['timeout', 'network', 'status', 'body', 'shape', 'request', 'aborted']),
  status: z.int().nullable(),
  message: z.string().max(2000),
})

/** What came of one request: a prediction, or why there is none. */
export const answer = z.union([
  z.strictObject({
    prediction: z.union([z.string(), z.number()]),
    scores: z.array(z.number()).nullable(),
    latencyMs: z.number().min(0),
  }),
  z.strictObject({ problem, latencyMs: z.number().min(0) }),
])
export type Answer = z.infer<typeof answer>

const servedVersion = z.strictObject({ versionId: z.string(), versionName: z.string(), deploymentId: z.string() })

export const evidenceColumn = z.strictObject({
  name: z.string(),
  type: columnType,
  role: z.enum(['input', 'descriptor', 'context']),
})
export type EvidenceColumn = z.infer<typeof evidenceColumn>

export const evidenceHeader = z.strictObject({
  format: z.literal(evidenceFormat),
  engine: z.string(),
  runId: z.string(),
  releaseId: z.string(),
  planDigest: sha256,
  datasetDigest: sha256,
  candidate: servedVersion,
  /** The version that it is compared with; null when there was none to ask. */
  production: servedVersion.nullable(),
  /** Why production was not asked, or stopped answering. */
  productionProblem: z.string().nullable(),
  schema: schemaSpec,
  /** What `values` of a row hold, in order. */
  columns: z.array(evidenceColumn),
  rows: z.int().min(0),
  startedAt: instant,
})
export type EvidenceHeader = z.infer<typeof evidenceHeader>

const cell = z.union([z.number(), z.string(), z.null()])

export const evidenceRow = z.strictObject({
  /** Place in the test set, from 0. */
  row: z.int().min(0),
  id: z.string().nullable(),
  values: z.array(cell),
  label: cell,
  candidate: answer,
  production: answer.nullable(),
})
export type EvidenceRow = z.infer<typeof evidenceRow>

const ofGate = { gate: z.string(), row: z.int().min(0) }
export const repeat = z.strictObject({ ...ofGate, first: answer, second: answer })
export const perturbed = z.strictObject({ ...ofGate, answer })
export const missingInput = z.strictObject({ ...ofGate, column: z.string(), answer })
export const loadRequest = z.strictObject({
  ...ofGate,
  /** Since the load began: when the request was due, and how much later it left the console. */
  dueMs: z.number().min(0),
  lateMs: z.number().min(0),
  latencyMs: z.number().min(0).nullable(),
  /** Null when it was answered. */
  problem: z.string().nullable(),
})

export const evidenceLine = z.union([
  z.strictObject({ row: evidenceRow }),
  z.strictObject({ repeat }),
  z.strictObject({ perturbed }),
  z.strictObject({ missing: missingInput }),
  z.strictObject({ request: loadRequest }),
])

export interface Evidence {
  readonly header: EvidenceHeader
  readonly rows: readonly EvidenceRow[]
  readonly repeats: readonly z.infer<typeof repeat>[]
  readonly perturbed: readonly z.infer<typeof perturbed>[]
  readonly missing: readonly z.infer<typeof missingInput>[]
  readonly requests: readonly z.infer<typeof loadRequest>[]
}

/** The bytes are no evidence; the sentence names the line. */
export class EvidenceFault extends Error {}
