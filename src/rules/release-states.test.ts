import { describe, expect, it } from 'vitest'
import type { ReleaseState } from '../contract/release.ts'
import { releaseState } from '../contract/release.ts'
import type { Caller, Role } from '../contract/user.ts'
import type { ReleaseEvidence } from './certification.ts'
import {
  canMove,
  moveRelease,
  objectionsToStep,
  type ReleaseStep,
  releaseTransitions,
  stepsOf,
} from './release-states.ts'
import {
  day,
  exampleCertificate,
  examplePlan,
  exampleRelease,
  exampleRun,
  exampleSignature,
  midnight,
} from './testing/examples.ts'

const evidence = (changes: Partial<ReleaseEvidence> = {}): ReleaseEvidence => ({
  release: exampleRelease(),
  newestRun: exampleRun(),
  plan: examplePlan,
  planRevision: 1,
  planDigest: 'a'.repeat(64),
  datasetDigest: 'b'.repeat(64),
  certificate: null,
  isCertificateAuthentic: true,
  productionVersionId: 'ver_1',
  now: midnight,
  maxEvidenceAgeMs: 7 * day,
  ...changes,
})
const person = (userId: string, ...roles: Role[]): Caller => ({ userId, name: userId, roles })
const qa = person('usr_qa', 'qa-expert')
const owner = person('usr_owner', 'product-owner')
const certified = (changes: Parameters<typeof exampleCertificate>[0] = {}, more: Partial<ReleaseEvidence> = {}) =>
  evidence({
    release: exampleRelease({ state: 'certified', certificateId: 'crt_1', certification: exampleSignature('usr_qa') }),
    certificate: exampleCertificate(changes),
    ...more,
  })
const approved = (changes: Partial<ReleaseEvidence> = {}) => {
  const base = certified({}, changes)
  return { ...base, release: { ...base.release, state: 'approved' as const, approval: exampleSignature('usr_owner') } }
}
const why = (step: ReleaseStep, from: ReleaseEvidence, caller: Caller) =>
  objectionsToStep(step, from, caller).join('; ')

describe('the state machine', () => {
  it('knows every state, and ends where it should', () => {
    expect(Object.keys(releaseTransitions).sort()).toEqual([...releaseState.options].sort())
    const ends = releaseState.options.filter((state) => releaseTransitions[state].length === 0)
    expect(ends).toEqual(['refused', 'superseded', 'rolled-back', 'withdrawn'])
  })
  it('reaches released only through every signature', () => {
    const into = (to: ReleaseState) => releaseState.options.filter((from) => canMove(from, to))
    expect(into('released')).toEqual(['releasing'])
    expect(into('releasing')).toEqual(['approved'])
    expect(into('approved')).toEqual(['certified', 'releasing'])
    expect(into('certified')).toEqual(['tested'])
  })
  it('moves with history, and drops signatures when it is tested again', () => {
    const again = moveRelease(approved().release, 'testing', { at: midnight, userId: 'usr_1', reason: 'expired' })
    expect(again).toMatchObject({ state: 'testing', certificateId: null, certification: null, approval: null })
    expect(again.history).toEqual([{ state: 'testing', at: midnight, userId: 'usr_1', reason: 'expired' }])
    expect(() => moveRelease(exampleRelease(), 'released', { at: 0, userId: null, reason: '' })).toThrow(
      /tested to released/,
    )
  })
})

describe('roles and separation of duties', () => {
  it('lets the right person certify, approve and release', () => {
    expect(why('certify', evidence(), qa)).toBe('')
    expect(why('approve', certified(), owner)).toBe('')
    expect(why('release', approved(), owner)).toBe('')
  })
  it('refuses the wrong role, by name', () => {
    expect(why('certify', evidence(), owner)).toBe('This is for a QA expert')
    expect(why('test', evidence(), person('usr_v', 'viewer'))).toBe(
      'This is for an operator, a product owner, a QA expert or an administrator',
    )
    for (const step of stepsOf(evidence(), { userId: null, name: '', roles: ['visitor'] }))
      expect(step.isAllowed).toBe(false)
  })
  it('lets nobody certify what they submitted, nor do both', () => {
    const both = (id: string) => person(id, 'qa-expert', 'product-owner')
    expect(why('certify', evidence(), both('usr_submitter'))).toContain('submitted')
    expect(why('refuse', evidence(), both('usr_submitter'))).toContain('submitted')
    expect(why('approve', certified(), both('usr_qa'))).toBe('Who certified a release cannot also approve it')
    expect(why('approve', certified(), both('usr_submitter'))).toBe('')
  })
  it('checks again at release that two people signed', () => {
    const one = approved()
    const release = { ...one.release, approval: exampleSignature('usr_qa') }
    expect(why('release', { ...one, release }, owner)).toBe('One person certified and approved it')
  })
})

describe('certifying', () => {
  it.each<[string, Partial<ReleaseEvidence>]>([
    ['There is no test run yet', { newestRun: null }],
    ['not the newest', { release: exampleRelease({ testRunIds: ['trn_1', 'trn_2'] }) }],
    ['another version', { newestRun: exampleRun({ versionId: 'ver_9' }) }],
    ['another deployment', { newestRun: exampleRun({ deploymentId: 'dep_9' }) }],
    ['plan has changed', { planRevision: 2 }],
    ['plan has changed', { planDigest: 'f'.repeat(64) }],
    ['test set is not', { datasetDigest: 'f'.repeat(64) }],
    ['not finished', { newestRun: exampleRun({ state: 'running', finishedAt: null }) }],
    ['without a result', { newestRun: exampleRun({ state: 'error', problem: 'endpoint hung' }) }],
    ['kept no evidence', { newestRun: exampleRun({ evidenceDigest: null }) }],
    ['older than 7 days', { now: midnight + 8 * day }],
    ['in the future', { now: midnight - day }],
    ['Accuracy (not run)', { newestRun: exampleRun({ gates: [] }) }],
    [
      'Accuracy (insufficient)',
      { newestRun: exampleRun({ gates: [{ ...exampleRun().gates[0], outcome: 'insufficient' }] }) },
    ],
    ['The test run failed', { newestRun: exampleRun({ state: 'failed' }) }],
  ])('objects: %s', (sentence, changes) => expect(why('certify', evidence(changes), qa)).toContain(sentence))

  it('refuses on a failed run, which it may not certify', () => {
    const failed = evidence({
      newestRun: exampleRun({ state: 'failed', gates: [{ ...exampleRun().gates[0], outcome: 'failed' }] }),
    })
    expect(why('refuse', failed, qa)).toBe('')
    expect(why('certify', failed, qa)).toBe('Gates are not closed: Accuracy (failed)')
  })
  it('signs only the run that was shown', () =>
    expect(objectionsToStep('certify', evidence(), qa, 'trn_0')).toEqual([
      'A newer test run exists than the one shown',
    ]))
})

describe('approving and releasing', () => {
  it.each<[string, ReleaseEvidence]>([
    ['There is no certificate', certified({}, { certificate: null })],
    ['signature does not hold', certified({}, { isCertificateAuthentic: false })],
    ['refuses the release', certified({ decision: 'refused' })],
    ['another release', certified({ release: 'rel_9' })],
    ['another version', certified({ version: { id: 'ver_9', name: '9' } })],
    ['newest test run', certified({}, { newestRun: exampleRun({ id: 'trn_2' }) })],
    ['disagree', certified({}, { newestRun: exampleRun({ evidenceDigest: 'e'.repeat(64) }) })],
    ['who submitted', certified({ signer: exampleSignature('usr_submitter') })],
    ['expired', certified({}, { now: midnight + 90 * day })],
    ['in the future', certified({}, { now: midnight - 1 })],
  ])('objects: %s', (sentence, from) => {
    expect(why('approve', from, owner)).toContain(sentence)
    const release = { ...from.release, state: 'approved' as const, approval: exampleSignature('usr_owner') }
    expect(why('release', { ...from, release }, owner)).toContain(sentence)
  })
  it('does not release what already runs', () =>
    expect(why('release', approved({ productionVersionId: 'ver_2' }), owner)).toContain('already'))
  it('tests again only once the certificate has expired', () => {
    expect(why('test', certified(), qa)).toContain('still valid')
    expect(why('test', certified({}, { now: midnight + 91 * day }), qa)).toBe('')
  })
  it('rolls back only what runs, to something', () => {
    const released = (changes: Partial<ReleaseEvidence>) =>
      evidence({ release: exampleRelease({ state: 'released' }), ...changes })
    expect(why('roll-back', released({ productionVersionId: 'ver_2' }), owner)).toBe('')
    expect(why('roll-back', released({ productionVersionId: 'ver_3' }), owner)).toContain('no longer runs')
    const first = exampleRelease({ state: 'released', fromVersionId: null })
    expect(why('roll-back', released({ release: first, productionVersionId: 'ver_2' }), owner)).toContain(
      'No version ran',
    )
  })
})

describe('stepsOf', () => {
  it('gives a sentence for every step', () => {
    const steps = stepsOf(evidence(), qa)
    expect(steps.map((step) => step.step)).toEqual([
      'test',
      'certify',
      'refuse',
      'approve',
      'release',
      'roll-back',
      'withdraw',
    ])
    expect(steps.filter((step) => step.isAllowed).map((step) => step.step)).toEqual([
      'test',
      'certify',
      'refuse',
      'withdraw',
    ])
    expect(stepsOf(evidence(), owner).find((step) => step.step === 'approve')?.why).toBe(
      'It is tested; it can be approved when it is certified.',
    )
  })
})
