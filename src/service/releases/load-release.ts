import type { Dataset, Deployment, Model, Version } from '../../contract/model.ts'
import type { Revisioned } from '../../contract/records.ts'
import type { Certificate, Release, TestPlan, TestRun } from '../../contract/release.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ReleaseEvidence } from '../../rules/certification.ts'
import type { RecordStore } from '../../store/store.ts'
import { canonicalDigest, openCertificate } from './certificate.ts'

/** A test run older than this no longer speaks for its version. */
export const maxEvidenceAgeMs = 30 * 86_400_000

/** A release with everything that decisions about it rest on, read in one go. */
export interface LoadedRelease {
  readonly release: Revisioned<'release'>
  readonly plan: Revisioned<'testPlan'>
  readonly model: Model
  readonly version: Version
  readonly fromVersion: Version | null
  readonly dataset: Dataset
  readonly testDeployment: Deployment
  readonly production: Revisioned<'deployment'>
  /** Oldest first. */
  readonly runs: readonly Revisioned<'testRun'>[]
  readonly certificate: Certificate | null
  readonly evidence: ReleaseEvidence
}

async function needed<T>(found: Promise<T | null>, what: string): Promise<T> {
  const value = await found
  // Links are enforced by the store, so this is damage, not a mistake of the caller.
  if (value === null) throw new Error(`The ${what} of a release is gone`)
  return value
}

/** The signer's key is the one that the person's record holds, not the one that the certificate brings along. */
async function isAuthentic(records: RecordStore, certificate: Certificate | null): Promise<boolean> {
  if (certificate === null) return false
  const signer = await records.get('user', certificate.predicate.signer.userId)
  if (signer === null) return false
  const opened = openCertificate(certificate.envelope, signer.record.publicKeyPem)
  return (
    opened.status === 'verified' &&
    canonicalDigest(opened.statement.predicate) === canonicalDigest(certificate.predicate)
  )
}

export const planDigestOf = (plan: TestPlan): string => canonicalDigest(plan)

/** Loads a release; `not-found` when there is none. */
export async function loadRelease(records: RecordStore, id: string, now: number): Promise<LoadedRelease> {
  const release = await records.get('release', id)
  if (release === null) throw new RpcError('not-found', 'There is no such release')
  const { record } = release
  const [model, version, fromVersion, plan, testDeployment, production, runs, certificate] = await Promise.all([
    needed(records.get('model', record.modelId), 'model'),
    needed(records.get('version', record.versionId), 'version'),
    record.fromVersionId === null ? null : records.get('version', record.fromVersionId),
    needed(records.get('testPlan', record.planId), 'test plan'),
    needed(records.get('deployment', record.testDeploymentId), 'test deployment'),
    needed(records.get('deployment', record.productionDeploymentId), 'production deployment'),
    records.list('testRun', { link: 'releaseId', id }),
    record.certificateId === null ? null : records.get('certificate', record.certificateId),
  ])
  const dataset = (await needed(records.get('dataset', plan.record.datasetId), 'test set')).record
  const newestRun = runs.find((run) => run.record.id === record.testRunIds.at(-1))?.record ?? null
  return {
    release,
    plan,
    model: model.record,
    version: version.record,
    fromVersion: fromVersion?.record ?? null,
    dataset,
    testDeployment: testDeployment.record,
    production,
    runs,
    certificate: certificate?.record ?? null,
    evidence: {
      release: record,
      newestRun,
      plan: plan.record,
      planRevision: plan.revision,
      planDigest: planDigestOf(plan.record),
      datasetDigest: dataset.digest,
      certificate: certificate?.record ?? null,
      isCertificateAuthentic: await isAuthentic(records, certificate?.record ?? null),
      productionVersionId: production.record.versionId,
      now,
      maxEvidenceAgeMs,
    },
  }
}

/** What a release is called in the log and in sentences. */
export const releaseName = ({ model, version }: Pick<LoadedRelease, 'model' | 'version'>): string =>
  `${model.name} ${version.name}`

export const releaseSubject = (loaded: Pick<LoadedRelease, 'release' | 'model' | 'version'>) => ({
  kind: 'release',
  id: loaded.release.record.id,
  name: releaseName(loaded),
})

/** A finished run with its evidence, as a certificate needs it. */
export const isComplete = (
  run: TestRun,
): run is TestRun & { readonly evidenceDigest: string; readonly finishedAt: number } =>
  run.evidenceDigest !== null && run.finishedAt !== null

export type { Release }
