import type { MonitorKind, Target } from '../../contract/finding.ts'
import type { Certificate } from '../../contract/release.ts'
import type { StoredReport } from '../../contract/report.ts'
import type { Store } from '../../store/store.ts'
import type { TaskContext } from '../jobs/task.ts'
import { canonicalText } from '../proof/canonical.ts'
import { canonicalDigest } from '../releases/certificate.ts'
import type { ContainedFile } from './container.ts'
import { encodeCsv } from './csv.ts'
import { gatherAudit } from './gather-audit.ts'
import { gatherRecords } from './gather-records.ts'
import { createTableGatherer } from './gather-tables.ts'
import type { ExportOrder } from './order.ts'
import { readmeText } from './readme.ts'
import { buildReport } from './report/build-report.ts'
import { type ReportData, reportWriter } from './report/document.ts'
import { renderHtml } from './report/html.ts'
import { type ExportedRecords, exportedAnalyses, exportedRecords, exportFormat, names } from './shape.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)
const jsonFile = (name: string, value: unknown): ContainedFile => ({ name, bytes: utf8(`${canonicalText(value)}\n`) })

const watchedKinds: readonly MonitorKind[] = [
  'performance',
  'drift',
  'integrity',
  'bias',
  'fairness',
  'errors',
  'explanation',
  'device',
  'endpoint',
]

/** What monitoring last said of every deployment and device in the export. */
async function newestReports({ findings }: Pick<Store, 'findings'>, records: ExportedRecords): Promise<StoredReport[]> {
  const targets: Target[] = [
    ...records.deployment.map(({ record }) => ({ type: 'deployment' as const, id: record.id })),
    ...records.device.map(({ record }) => ({ type: 'device' as const, id: record.id })),
    ...records.connections.map(({ id }) => ({ type: 'connection' as const, id })),
  ]
  const found: StoredReport[] = []
  for (const target of targets)
    for (const kind of watchedKinds) {
      const report = await findings.latestReport(kind, target)
      if (report !== null) found.push(report)
    }
  return found
}

/** The plan of every run as it was run; its canonical JSON has the digest that the run recorded. */
async function planFiles(
  { records: store }: Pick<Store, 'records'>,
  records: ExportedRecords,
): Promise<ContainedFile[]> {
  const files = new Map<string, Uint8Array>()
  for (const { record: run } of records.testRun) {
    const history = await store.history('testPlan', run.planId)
    const plan = history.find(({ revision }) => revision === run.planRevision)
    if (plan === undefined || canonicalDigest(plan.record) !== run.planDigest)
      throw new Error(`The test plan of run ${run.id} is not in the workspace as it was run`)
    files.set(names.plan(run.planId, run.planRevision), utf8(canonicalText(plan.record)))
  }
  return [...files].map(([name, bytes]) => ({ name, bytes }))
}

/** The same signature in the form that Sigstore's tools read. */
const bundleOf = ({ envelope, predicate }: Certificate) => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: { publicKey: { hint: predicate.signer.keyId } },
  dsseEnvelope: envelope,
})

function proofFiles(records: ExportedRecords): ContainedFile[] {
  const certificates = records.certificate.flatMap(({ record }) => [
    jsonFile(names.certificate(record.id), record.envelope),
    jsonFile(names.bundle(record.id), bundleOf(record)),
  ])
  const keys = records.user.map(({ record }) => ({ name: names.person(record.id), bytes: utf8(record.publicKeyPem) }))
  return [...certificates, ...keys]
}

function csvFiles({ records, entries }: ReportData): ContainedFile[] {
  const gates = records.testRun.flatMap(({ record }) =>
    record.gates.map((gate) => [
      record.id,
      gate.gateId,
      gate.title,
      gate.outcome,
      gate.measured.value,
      gate.measured.interval?.[0] ?? null,
      gate.measured.interval?.[1] ?? null,
      gate.measured.n,
      gate.limit,
      gate.production?.value ?? null,
      gate.message,
    ]),
  )
  const log = entries.map(({ index, leafHash, canonical }) => {
    const entry = JSON.parse(canonical) as {
      at: number
      actor: { name: string }
      action: string
      reason: string | null
    }
    return [index, new Date(entry.at).toISOString(), entry.actor.name, entry.action, entry.reason, leafHash]
  })
  const gateHeading = [
    'run',
    'gate',
    'title',
    'outcome',
    'measured',
    'low',
    'high',
    'n',
    'limit',
    'production',
    'message',
  ]
  return [
    { name: names.gates, bytes: encodeCsv(gateHeading, gates) },
    { name: names.log, bytes: encodeCsv(['index', 'at', 'actor', 'action', 'reason', 'leafHash'], log) },
  ]
}

export interface GatheredExport {
  readonly files: readonly ContainedFile[]
  /** The manifest without its list of files, which whoever signs adds. */
  readonly manifest: ReportData['manifest']
}

/**
 * Gathers everything of an export but the manifest and its signature: records as the signed log has them, rows, what the engine
 * says of them, the report in both forms. Reads alone; made for a worker.
 */
export async function gatherExport(
  store: Store,
  order: ExportOrder & { readonly keyId: string },
  { cancellation, onProgress }: Pick<TaskContext, 'cancellation' | 'onProgress'>,
): Promise<GatheredExport> {
  const step = (fraction: number, message: string) => {
    if (cancellation.aborted) throw new Error('The export was cancelled')
    onProgress(fraction, message)
  }
  step(0.05, 'Reading records')
  const gathered = await gatherRecords(store, order)
  const records = exportedRecords.parse(gathered.records)
  const [settings] = records.settings
  if (settings === undefined) throw new Error('The workspace has no settings')
  step(0.15, 'Proving log entries')
  const { entries, checkpoints } = await gatherAudit(store, order, gathered)
  const plans = await planFiles(store, records)
  const tables = createTableGatherer(store, order)
  for (const [place, { record }] of records.release.entries()) {
    step(0.25 + (0.45 * place) / records.release.length, 'Analysing rows')
    await tables.takeRelease(record, records)
  }
  const { files, samples, analyses } = tables.result()
  const reports = await newestReports(store, records)
  const { name, logOrigin, isDemo, qualification } = settings.record
  const examination = qualification && (await store.blobs.get(qualification.digest))
  const data: ReportData = {
    manifest: {
      format: exportFormat,
      title: order.title,
      reason: order.reason,
      createdAt: order.createdAt,
      exportedBy: order.exportedBy,
      workspace: { name, logOrigin, isDemo },
      log: { size: order.checkpoint.size, rootHash: order.checkpoint.rootHash },
      keyId: order.keyId,
      releaseIds: [...order.releaseIds],
      writer: reportWriter,
    },
    records,
    analyses,
    reports,
    entries,
  }
  step(0.75, 'Writing the report')
  // As it will be read from the file, where names stand in order: so that the report can be written again from there.
  const report = buildReport(JSON.parse(canonicalText({ ...data, analyses: exportedAnalyses.parse(analyses) })))
  const html = utf8(renderHtml(report))
  step(0.85, 'Writing the report as PDF')
  // Its fonts are large: a worker that makes no export does without them.
  const { renderPdf } = await import('./report/pdf.ts')
  const pdf = await renderPdf(report)
  const lines = entries.map((entry) => `${canonicalText(entry)}\n`).join('')
  return {
    manifest: data.manifest,
    files: [
      { name: names.readme, bytes: utf8(readmeText) },
      { name: names.html, bytes: html },
      { name: names.pdf, bytes: pdf },
      ...csvFiles(data),
      jsonFile(names.records, records),
      jsonFile(names.samples, samples),
      jsonFile(names.analyses, exportedAnalyses.parse(analyses)),
      jsonFile(names.reports, reports),
      ...(examination ? [{ name: names.qualification, bytes: examination }] : []),
      ...plans,
      ...files,
      ...proofFiles(records),
      { name: names.entries, bytes: utf8(lines) },
      jsonFile(names.checkpoints, checkpoints),
    ],
  }
}
