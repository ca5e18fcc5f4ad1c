import type { Certificate, Release, TestPlan, TestRun } from '../contract/release.ts'
import { formatDuration, formatInstant, formatList } from './format.ts'

/** What stands behind a release at the moment of a decision, loaded in one read. */
export interface ReleaseEvidence {
  readonly release: Release
  /** The newest run of the release, by its list of runs; null before the first. */
  readonly newestRun: TestRun | null
  readonly plan: TestPlan
  readonly planRevision: number
  /** Canonical digest of the plan as it is now. */
  readonly planDigest: string
  /** Digest of the plan's dataset as it is now. */
  readonly datasetDigest: string
  readonly certificate: Certificate | null
  /** Whether the certificate's signature was checked against its signer's key and holds. */
  readonly isCertificateAuthentic: boolean
  /** Version that production runs now. */
  readonly productionVersionId: string | null
  readonly now: number
  /** A test run older than this no longer speaks for the version. */
  readonly maxEvidenceAgeMs: number
}

/** A run speaks for a release only if it ran this version, on the test deployment, by the plan and data as they are now. */
function objectionsToRun(evidence: ReleaseEvidence, run: TestRun): string[] {
  const { release, planDigest, planRevision, datasetDigest } = evidence
  const found: string[] = []
  if (run.releaseId !== release.id || release.testRunIds.at(-1) !== run.id)
    found.push('The test run is not the newest one of this release')
  if (run.versionId !== release.versionId) found.push('The test run was made on another version')
  if (run.deploymentId !== release.testDeploymentId) found.push('The test run was made on another deployment')
  if (run.planId !== release.planId || run.planRevision !== planRevision || run.planDigest !== planDigest)
    found.push('The test plan has changed since the run: test again')
  if (run.datasetDigest !== datasetDigest) found.push('The test set is not the one that was run: test again')
  if (run.state === 'running' || run.finishedAt === null) found.push('The test run has not finished')
  else if (run.state === 'error' || run.state === 'cancelled')
    found.push(`The test run ended without a result${run.problem === null ? '' : ` (${run.problem})`}`)
  if (run.evidenceDigest === null && run.state !== 'running') found.push('The test run kept no evidence')
  return found
}

/** Gates of the plan that the run has not passed, by title; one that never ran is open as well. */
export function openGates(plan: TestPlan, run: TestRun): string[] {
  const results = new Map(run.gates.map((result) => [result.gateId, result]))
  return plan.gates.flatMap((gate) => {
    const result = results.get(gate.id)
    if (result === undefined) return `${gate.title} (not run)`
    return result.outcome === 'passed' ? [] : `${gate.title} (${result.outcome})`
  })
}

function objectionsToAge(evidence: ReleaseEvidence, run: TestRun): string[] {
  const { now, maxEvidenceAgeMs } = evidence
  if (run.finishedAt === null) return []
  if (run.finishedAt > now) return ['The test run ends in the future: check the clock']
  if (now - run.finishedAt <= maxEvidenceAgeMs) return []
  return [
    `The test run of ${formatInstant(run.finishedAt, now)} is older than ${formatDuration(maxEvidenceAgeMs)}: test again`,
  ]
}

/**
 * Why the release may not be certified (or refused) by this person on this run; empty when it may. `shownRunId` is the run that the
 * page showed: one cannot sign what one has not seen. A refusal needs a finished run with evidence, not a passed one.
 */
export function objectionsToCertifying(
  evidence: ReleaseEvidence,
  signerId: string | null,
  decision: 'certified' | 'refused',
  shownRunId: string | null,
): string[] {
  const { release, newestRun, plan } = evidence
  const found: string[] = []
  if (signerId === null) found.push('Only a person who has signed in can sign')
  if (signerId === release.submittedBy)
    found.push('Who submitted a release cannot also judge it: another QA expert must sign')
  if (signerId !== null && signerId === release.approval?.userId)
    found.push('Who approved a release cannot also certify it')
  if (newestRun === null) return [...found, 'There is no test run yet']
  if (shownRunId !== null && shownRunId !== newestRun.id) found.push('A newer test run exists than the one shown')
  found.push(...objectionsToRun(evidence, newestRun))
  if (decision === 'refused') return found
  const open = openGates(plan, newestRun)
  if (open.length > 0) found.push(`Gates are not closed: ${formatList(open, 6)}`)
  else if (newestRun.state === 'failed') found.push('The test run failed')
  return [...found, ...objectionsToAge(evidence, newestRun)]
}

/** Why the certificate does not carry the release now; empty when it does. */
export function objectionsToCertificate(evidence: ReleaseEvidence): string[] {
  const { release, certificate, newestRun, now } = evidence
  if (certificate === null || certificate.id !== release.certificateId) return ['There is no certificate']
  const { predicate } = certificate
  const found: string[] = []
  if (!evidence.isCertificateAuthentic) found.push("The certificate's signature does not hold")
  if (certificate.decision !== 'certified' || predicate.decision !== 'certified')
    found.push('The certificate refuses the release')
  if (certificate.releaseId !== release.id || predicate.release !== release.id)
    found.push('The certificate is of another release')
  if (certificate.versionId !== release.versionId || predicate.version.id !== release.versionId)
    found.push('The certificate is of another version')
  if (newestRun === null || predicate.testRun.id !== newestRun.id)
    found.push('The certificate does not stand on the newest test run')
  else if (
    predicate.testRun.evidenceDigest !== newestRun.evidenceDigest ||
    predicate.testRun.datasetDigest !== newestRun.datasetDigest ||
    predicate.plan.digest !== newestRun.planDigest
  )
    found.push('The certificate and the test run disagree about the evidence')
  if (predicate.signer.userId === release.submittedBy)
    found.push('The certificate was signed by who submitted the release')
  if (predicate.issuedAt > now) found.push('The certificate was issued in the future: check the clock')
  if (predicate.validUntil <= now)
    found.push(`The certificate expired at ${formatInstant(predicate.validUntil, now)}: test and certify again`)
  return found
}

export const isCertificateExpired = (certificate: Certificate | null, now: number): boolean =>
  certificate !== null && certificate.predicate.validUntil <= now

/** Why this person may not approve the release; empty when they may. */
export function objectionsToApproving(evidence: ReleaseEvidence, signerId: string | null): string[] {
  const { release, certificate } = evidence
  const found: string[] = []
  if (signerId === null) found.push('Only a person who has signed in can sign')
  const certifiers = [release.certification?.userId, certificate?.predicate.signer.userId]
  if (signerId !== null && certifiers.includes(signerId)) found.push('Who certified a release cannot also approve it')
  return [...found, ...objectionsToCertificate(evidence)]
}

/** Why the release may not go to production now; empty when it may. Time may have passed since the approval. */
export function objectionsToReleasing(evidence: ReleaseEvidence): string[] {
  const { release } = evidence
  const found: string[] = []
  if (release.approval === null) found.push('Nobody has approved it')
  else if (
    release.approval.userId === release.certification?.userId ||
    release.approval.userId === evidence.certificate?.predicate.signer.userId
  )
    found.push('One person certified and approved it')
  if (evidence.productionVersionId === release.versionId) found.push('Production runs this version already')
  return [...found, ...objectionsToCertificate(evidence)]
}
