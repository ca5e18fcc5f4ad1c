import { type Certificate, dsseEnvelope, type Release } from '../../../contract/release.ts'
import type { User } from '../../../contract/user.ts'
import { canonicalText } from '../../proof/canonical.ts'
import { keyIdOf } from '../../proof/signers.ts'
import { canonicalDigest, openApproval, openCertificate, subjectsOf } from '../../releases/certificate.ts'
import { names } from '../shape.ts'
import type { ExportContent } from './content.ts'
import { ExportFault, skipped, type Verdict, verdictOf } from './verdict.ts'

type Problem = { message: string; file: string }

const decode = (bytes: Uint8Array) => new TextDecoder('utf-8').decode(bytes)

/** The person who signed, whose record the log vouches for and whose key lies in a file of its own. */
function signerOf({ records, bytesOf }: ExportContent, userId: string): User {
  const user = records.user.find(({ record }) => record.id === userId)?.record
  if (user === undefined) throw new ExportFault(`${userId}, who signed, is not among the people`, names.records)
  const file = names.person(userId)
  if (decode(bytesOf(file)) !== user.publicKeyPem) throw new ExportFault(`${file} is not the key of ${user.name}`, file)
  if (keyIdOf(user.publicKeyPem) !== user.keyId)
    throw new ExportFault(`The key of ${user.name} does not have the id that it is known by`, names.records)
  return user
}

const find = <T extends { readonly id: string }>(list: readonly { readonly record: T }[], id: string) =>
  list.find(({ record }) => record.id === id)?.record

/** What a certificate must agree with, for it to mean anything. */
function objectionsTo(certificate: Certificate, content: ExportContent): string[] {
  const { records } = content
  const { predicate } = certificate
  const run = find(records.testRun, predicate.testRun.id)
  const release = find(records.release, predicate.release)
  const plan = run && content.files.get(names.plan(run.planId, run.planRevision))
  const found: string[] = []
  if (run === undefined) return ['the test run that it rests on is not in the export']
  if (run.evidenceDigest !== predicate.testRun.evidenceDigest) found.push('it rests on other evidence than the run')
  if (run.datasetDigest !== predicate.testRun.datasetDigest) found.push('it rests on another test set than the run')
  if (run.planDigest !== predicate.plan.digest) found.push('it rests on another plan than the run')
  if (plan === undefined || canonicalDigest(JSON.parse(decode(plan))) !== predicate.plan.digest)
    found.push('the plan that it names is not the one in the export')
  if (canonicalDigest(run.gates) !== canonicalDigest(predicate.gates))
    found.push('it states other results than the run')
  if (release === undefined || certificate.releaseId !== release.id) found.push('its release is not in the export')
  else if (canonicalDigest(release.certification) !== canonicalDigest(predicate.signer))
    found.push('the release names another signature')
  if (certificate.versionId !== predicate.version.id || certificate.decision !== predicate.decision)
    found.push('its record says something else than was signed')
  return found
}

/** Every certificate: signed by its signer's own key, over exactly this version, plan, evidence and test set. */
export function checkCertificates(content: ExportContent): Verdict {
  const { records, bytesOf } = content
  if (records.certificate.length === 0) return skipped('No release in this export has been certified or refused')
  const problems: Problem[] = []
  for (const { record: certificate } of records.certificate) {
    const file = names.certificate(certificate.id)
    const say = (message: string) => problems.push({ message: `${file}: ${message}`, file })
    const envelope = dsseEnvelope.parse(JSON.parse(decode(bytesOf(file))))
    if (canonicalText(envelope) !== canonicalText(certificate.envelope)) say('the record holds another envelope')
    const signer = signerOf(content, certificate.predicate.signer.userId)
    const opened = openCertificate(envelope, signer.publicKeyPem)
    if (opened.status === 'refused') {
      say(`the signature of ${signer.name} does not hold. ${opened.reason}`)
      continue
    }
    const { subject, predicate } = opened.statement
    if (canonicalText(predicate) !== canonicalText(certificate.predicate))
      say('the record says something else than was signed')
    if (predicate.signer.keyId !== signer.keyId) say('it names another key than the one that signed')
    const version = find(records.version, predicate.version.id)
    const model = find(records.model, predicate.model.id)
    if (version === undefined || model === undefined) say('its version is not in the export')
    else if (canonicalText(subject) !== canonicalText(subjectsOf(model, version)))
      say('it is about other artifacts than those of the version')
    for (const objection of objectionsTo(certificate, content)) say(objection)
  }
  const people = records.certificate.map(({ record }) => `${record.decision} by ${record.predicate.signer.userName}`)
  return verdictOf(problems, `${people.join(', ')}: the signatures hold, and bind version, plan, evidence and test set`)
}

function approvalEnvelope({ entries }: ExportContent, release: Release) {
  const entry = entries.findLast(
    ({ entry }) =>
      entry.action === 'releases.approve' && entry.subject?.id === release.id && 'envelope' in entry.details,
  )
  return entry === undefined ? null : dsseEnvelope.parse(entry.entry.details.envelope)
}

/** Every approval, whose envelope the log keeps: signed by the approver's own key, over exactly this certificate. */
export function checkApprovals(content: ExportContent): Verdict {
  const { records } = content
  const approved = records.release.filter(({ record }) => record.approval !== null)
  if (approved.length === 0) return skipped('No release in this export has been approved')
  const problems: Problem[] = []
  for (const { record: release } of approved) {
    const { approval } = release
    if (approval === null) continue
    const file = names.entries
    const say = (message: string) => problems.push({ message: `The approval of ${release.id}: ${message}`, file })
    const envelope = approvalEnvelope(content, release)
    if (envelope === null) {
      say('its signature is not in the log')
      continue
    }
    const signer = signerOf(content, approval.userId)
    const opened = openApproval(envelope, signer.publicKeyPem)
    if (opened.status === 'refused') {
      say(`the signature of ${signer.name} does not hold. ${opened.reason}`)
      continue
    }
    const { predicate } = opened.statement
    const certificate = find(records.certificate, release.certificateId ?? '')
    if (canonicalText(predicate.signer) !== canonicalText(approval)) say('the release names another signature')
    if (predicate.release !== release.id) say('it is of another release')
    if (certificate === undefined || predicate.certificate.digest !== canonicalDigest(certificate.envelope))
      say('it rests on another certificate')
  }
  const people = approved.map(({ record }) => record.approval?.userName)
  return verdictOf(problems, `approved by ${people.join(', ')}: the signatures hold, and rest on the certificates`)
}

/** Nobody judged what they submitted, nobody certified and approved one release, and everybody had the role. */
export function checkDuties({ records, entries }: ExportContent): Verdict {
  const problems: Problem[] = []
  const say = (message: string) => problems.push({ message, file: names.records })
  const actorOf = (action: string, releaseId: string, userId: string) =>
    entries.findLast(
      ({ entry }) =>
        entry.action === action &&
        entry.subject?.id === releaseId &&
        entry.actor.id === userId &&
        entry.details.outcome !== 'refused',
    )?.entry.actor
  let decided = 0
  for (const { record } of records.release) {
    const { id, submittedBy, certification, approval } = record
    if (certification !== null) {
      decided += 1
      if (certification.userId === submittedBy) say(`Who submitted ${id} also judged it`)
      const actor = actorOf('releases.certify', id, certification.userId)
      if (actor === undefined || !actor.roles.includes('qa-expert'))
        say(`The log does not show that a QA expert judged ${id}`)
    }
    if (approval !== null) {
      if (approval.userId === certification?.userId) say(`One person certified and approved ${id}`)
      const actor = actorOf('releases.approve', id, approval.userId)
      if (actor === undefined || !actor.roles.includes('product-owner'))
        say(`The log does not show that a product owner approved ${id}`)
    }
  }
  if (decided === 0) return skipped('Nothing has been decided on these releases yet')
  return verdictOf(
    problems,
    'Nobody judged what they submitted, and no release was certified and approved by one person',
  )
}
