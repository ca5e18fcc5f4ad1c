import { z } from 'zod'
import { checkpoint } from '../../contract/audit.ts'
import { instant, json, recordId, sha256, title, windowSchema } from '../../contract/primitives.ts'
import { type RecordKind, recordKinds, revisioned } from '../../contract/records.ts'
import { reportDetail, storedReport } from '../../contract/report.ts'

/*
 * What stands in an export besides the report for people. Every file is named in `manifest.json` with its SHA-256; the
 * manifest is signed by `manifest.dsse.json`. Files that end in `.gz` are compressed by themselves (RFC 1952); the archive
 * itself compresses nothing. README.txt in every export says the same in words.
 */

export const exportFormat = 'assay.export/1'
export const manifestPayloadType = 'application/vnd.assay.manifest+json'

export const names = {
  readme: 'README.txt',
  html: 'report.html',
  pdf: 'report.pdf',
  records: 'records.json',
  samples: 'samples.json',
  analyses: 'analyses.json',
  reports: 'findings/reports.json',
  qualification: 'qualification.json',
  entries: 'audit/entries.jsonl',
  checkpoints: 'audit/checkpoints.json',
  gates: 'tables/gates.csv',
  log: 'tables/audit.csv',
  key: 'keys/workspace.pem',
  manifest: 'manifest.json',
  signature: 'manifest.dsse.json',
  plan: (id: string, revision: number) => `plans/${id}.${revision}.json`,
  evidence: (runId: string) => `evidence/${runId}.jsonl.gz`,
  dataset: (digest: string) => `datasets/${digest}.assaytb.gz`,
  sampleTable: (deploymentId: string, versionId: string) => `samples/${deploymentId}.${versionId}.assaytb.gz`,
  certificate: (id: string) => `certificates/${id}.dsse.json`,
  bundle: (id: string) => `certificates/${id}.sigstore.json`,
  person: (userId: string) => `keys/${userId}.pem`,
}

export const manifest = z.strictObject({
  format: z.literal(exportFormat),
  title,
  reason: z.string(),
  createdAt: instant,
  exportedBy: z.strictObject({ id: z.string().nullable(), name: z.string() }),
  workspace: z.strictObject({ name: z.string(), logOrigin: z.string(), isDemo: z.boolean() }),
  /** The signed log at the moment of the export. */
  log: z.strictObject({ size: z.int().min(1), rootHash: sha256 }),
  /** Key that signed the manifest and the log: SHA-256 of its public half. */
  keyId: sha256,
  releaseIds: z.array(recordId('rel')).min(1),
  /** What wrote the report for people; the same writer writes the same report from the same data. */
  writer: z.string(),
  files: z.array(z.strictObject({ name: z.string(), bytes: z.int().min(0), sha256 })).max(10_000),
})
export type Manifest = z.infer<typeof manifest>

/** Kinds of records that an export carries; credentials never, connections only by name (below). */
export const exportedKinds = [
  'settings',
  'user',
  'model',
  'dataset',
  'version',
  'device',
  'deployment',
  'monitor',
  'thresholdSet',
  'explanation',
  'alert',
  'action',
  'testPlan',
  'testRun',
  'release',
  'certificate',
] as const satisfies readonly RecordKind[]
export type ExportedKind = (typeof exportedKinds)[number]

const listOf = <T extends z.ZodType>(schema: T) => z.array(revisioned(schema)).max(10_000)

/** Governed records as they stood when the log was signed; each is what the newest log entry about it says. */
export const exportedRecords = z.strictObject({
  settings: listOf(recordKinds.settings.schema),
  user: listOf(recordKinds.user.schema),
  model: listOf(recordKinds.model.schema),
  dataset: listOf(recordKinds.dataset.schema),
  version: listOf(recordKinds.version.schema),
  device: listOf(recordKinds.device.schema),
  deployment: listOf(recordKinds.deployment.schema),
  monitor: listOf(recordKinds.monitor.schema),
  thresholdSet: listOf(recordKinds.thresholdSet.schema),
  /** Absent from exports of earlier consoles. */
  explanation: listOf(recordKinds.explanation.schema).default([]),
  alert: listOf(recordKinds.alert.schema),
  action: listOf(recordKinds.action.schema),
  testPlan: listOf(recordKinds.testPlan.schema),
  testRun: listOf(recordKinds.testRun.schema),
  release: listOf(recordKinds.release.schema),
  certificate: listOf(recordKinds.certificate.schema),
  /** Where deployments answer and actions go; their configuration stays in the workspace. */
  connections: z.array(
    z.strictObject({ id: z.string(), name: z.string(), kind: z.string(), url: z.string().nullable() }),
  ),
})
export type ExportedRecords = z.infer<typeof exportedRecords>

/** A table of monitored samples in the file. */
export const sampleSource = z.strictObject({
  file: z.string(),
  deploymentId: z.string(),
  versionId: z.string(),
  window: windowSchema,
  rows: z.int().min(0),
  /** Samples of the window; more than `rows` when only the newest were taken. */
  total: z.int().min(0),
  digest: sha256,
})
export type SampleSource = z.infer<typeof sampleSource>
export const sampleSources = z.array(sampleSource)

/** Rows that an analysis was made of. */
export const rowSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('evidence'), runId: z.string(), who: z.enum(['candidate', 'production']) }),
  z.strictObject({ type: z.literal('dataset'), digest: sha256 }),
  z.strictObject({ type: z.literal('samples'), file: z.string() }),
])
export type RowSource = z.infer<typeof rowSource>

/** A question asked of rows in the file when the export was made, with its answer: what verification asks again. */
export const exportedAnalysis = z.strictObject({
  id: z.string(),
  releaseId: z.string(),
  /** What was asked, for people. */
  about: z.string(),
  /** Whose schema says what the columns are. */
  versionId: z.string(),
  kind: z.enum(['drift', 'performance', 'fairness', 'errors']),
  current: rowSource,
  reference: rowSource.nullable(),
  parameters: z.record(z.string(), json),
  /** What computed it; another engine may come to other numbers. */
  engine: z.string(),
  answer: z.strictObject({ headline: z.strictObject({ status: z.string(), text: z.string() }), detail: reportDetail }),
})
export type ExportedAnalysis = z.infer<typeof exportedAnalysis>
export const exportedAnalyses = z.array(exportedAnalysis).max(1000)

export const exportedReports = z.array(storedReport).max(1000)
export type ExportedReports = z.infer<typeof exportedReports>

/** One line of `audit/entries.jsonl`: the entry's canonical text, its leaf hash, and its path to the signed root. */
export const exportedEntry = z.strictObject({
  index: z.int().min(0),
  leafHash: sha256,
  canonical: z.string(),
  path: z.array(sha256).max(64),
})
export type ExportedEntry = z.infer<typeof exportedEntry>

export const exportedCheckpoints = z.strictObject({
  newest: checkpoint,
  /** Earlier ones, each with the proof that the newest extends it. */
  earlier: z.array(z.strictObject({ checkpoint, path: z.array(sha256).max(64) })).max(1000),
  /** Keys that ever signed for the workspace, with the entry that made each known. */
  keys: z.array(z.strictObject({ keyId: sha256, publicKeyPem: z.string(), index: z.int().min(0) })).max(1000),
})
export type ExportedCheckpoints = z.infer<typeof exportedCheckpoints>
