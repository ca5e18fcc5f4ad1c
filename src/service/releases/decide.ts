import type { OutputOf, ParsedInputOf } from '../../contract/api.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import { moveRelease, objectionsToStep, type ReleaseStep } from '../../rules/release-states.ts'
import type { Put } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import { draftOf } from '../session/commit.ts'
import { canonicalDigest, signApproval, signCertificate } from './certificate.ts'
import { isComplete, type LoadedRelease, loadRelease, releaseSubject } from './load-release.ts'
import type { OpenSignature, Signing } from './signing.ts'

type Signed = OutputOf<'releases.certify'>

/** Rejects unless the caller may take the step on the release as it was shown to them. */
export function requireStep(
  step: ReleaseStep,
  loaded: LoadedRelease,
  revision: number,
  caller: Caller,
  shownRunId: string | null = null,
): void {
  if (loaded.release.revision !== revision)
    throw new RpcError('stale', 'Somebody else has changed this release since it was shown')
  const objections = objectionsToStep(step, loaded.evidence, caller, shownRunId)
  if (objections.length > 0) throw new RpcError('refused', `${objections.join('. ')}.`)
}

/** The two signed decisions of a release: certifying (or refusing) it, and approving it. */
export function createDecisions(
  context: Pick<ServiceContext, 'store' | 'workers' | 'now' | 'newId'>,
  signing: Signing,
) {
  const { store, workers, now, newId } = context
  const { records } = store

  /** New state, what was signed, and the audit entry in one transaction. */
  async function commitSigned(
    loaded: LoadedRelease,
    record: LoadedRelease['release']['record'],
    puts: readonly Put[],
    draft: Parameters<typeof draftOf>[2],
    caller: Caller,
    at: number,
  ): Promise<Signed> {
    const result = await records.commit(
      [{ kind: 'release', record, revision: loaded.release.revision }, ...puts],
      draftOf(caller, at, draft),
    )
    if (result.status === 'conflict') throw new RpcError('conflict', result.message)
    if (result.status === 'stale')
      throw new RpcError('stale', `Somebody else has changed this ${result.kind} since it was shown`)
    return { release: { revision: result.revisions[0], record }, receipt: result.receipt }
  }

  /** What is signed are the results that the evidence gives now, not the ones that a record claims. */
  async function requireRecomputed({ plan, evidence }: LoadedRelease): Promise<void> {
    const run = evidence.newestRun
    if (run === null || !isComplete(run)) return
    const gates = await workers.run('releases.judge', {
      evidenceDigest: run.evidenceDigest,
      gates: plan.record.gates,
    })
    if (canonicalDigest(JSON.parse(JSON.stringify(gates))) !== canonicalDigest(run.gates))
      throw new RpcError('refused', 'The evidence does not give the results of the test run: test again')
  }

  async function certify(input: ParsedInputOf<'releases.certify'>, caller: Caller): Promise<Signed> {
    const { id, revision, decision, testRunId } = input
    const step = decision === 'certified' ? 'certify' : 'refuse'
    const shown = await loadRelease(records, id, now())
    requireStep(step, shown, revision, caller, testRunId)
    await requireRecomputed(shown)
    const what = { action: 'releases.certify', subject: releaseSubject(shown) }
    return signing.sign(caller, input.signature, what, async (open: OpenSignature) => {
      const loaded = await loadRelease(records, id, open.signature.at)
      requireStep(step, loaded, revision, caller, testRunId)
      const { release, model, version, plan, evidence } = loaded
      const run = evidence.newestRun
      if (run === null || !isComplete(run)) throw new Error('A run without evidence passed the rules')
      const certificate = signCertificate(
        { id: newId('crt'), decision, release: release.record, model, version, plan: plan.record, run },
        open,
      )
      const { at, userId, meaning, reason } = open.signature
      const record = {
        ...moveRelease(release.record, decision, { at, userId, reason }),
        certificateId: certificate.id,
        certification: open.signature,
      }
      const details = {
        decision,
        meaning,
        certificateId: certificate.id,
        certificateDigest: canonicalDigest(certificate.envelope),
        testRunId: run.id,
        evidenceDigest: run.evidenceDigest,
        keyId: open.signature.keyId,
      }
      return commitSigned(
        loaded,
        record,
        [{ kind: 'certificate', record: certificate, revision: null }, ...open.puts],
        { ...what, reason, details },
        caller,
        at,
      )
    })
  }

  async function approve(input: ParsedInputOf<'releases.approve'>, caller: Caller): Promise<Signed> {
    const { id, revision } = input
    const shown = await loadRelease(records, id, now())
    requireStep('approve', shown, revision, caller)
    const what = { action: 'releases.approve', subject: releaseSubject(shown) }
    return signing.sign(caller, input.signature, what, async (open: OpenSignature) => {
      const loaded = await loadRelease(records, id, open.signature.at)
      requireStep('approve', loaded, revision, caller)
      const { release, model, version, certificate } = loaded
      if (certificate === null) throw new Error('A release without a certificate passed the rules')
      const envelope = signApproval({ release: release.record, model, version, certificate }, open)
      const { at, userId, meaning, reason } = open.signature
      const record = {
        ...moveRelease(release.record, 'approved', { at, userId, reason }),
        approval: open.signature,
      }
      // The log is where the signed approval itself is kept.
      const details = { meaning, certificateId: certificate.id, keyId: open.signature.keyId, envelope }
      return commitSigned(loaded, record, open.puts, { ...what, reason, details }, caller, at)
    })
  }

  return { certify, approve }
}
