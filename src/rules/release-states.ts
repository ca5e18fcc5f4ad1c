import type { Release, ReleaseState } from '../contract/release.ts'
import type { Caller, Role } from '../contract/user.ts'
import {
  isCertificateExpired,
  objectionsToApproving,
  objectionsToCertifying,
  objectionsToReleasing,
  type ReleaseEvidence,
} from './certification.ts'
import { formatList } from './format.ts'

export const releaseSteps = ['test', 'certify', 'refuse', 'approve', 'release', 'roll-back', 'withdraw'] as const
export type ReleaseStep = (typeof releaseSteps)[number]

/** What a state may become. Nothing leaves refused, superseded, rolled back or withdrawn: a new release begins instead. */
export const releaseTransitions: Readonly<Record<ReleaseState, readonly ReleaseState[]>> = {
  draft: ['testing', 'withdrawn'],
  /** Back to draft when the run could not be finished. */
  testing: ['tested', 'draft', 'withdrawn'],
  tested: ['testing', 'certified', 'refused', 'withdrawn'],
  /** To testing again once the certificate has expired. */
  certified: ['approved', 'testing', 'withdrawn'],
  refused: [],
  approved: ['releasing', 'testing', 'withdrawn'],
  /** Back to approved when the connector failed, so that it can be tried again. */
  releasing: ['released', 'approved'],
  released: ['superseded', 'rolled-back'],
  superseded: [],
  'rolled-back': [],
  withdrawn: [],
}

export const canMove = (from: ReleaseState, to: ReleaseState): boolean => releaseTransitions[from].includes(to)

/**
 * The release in its next state, with the step in its history. Going back to testing drops certification and approval, which
 * spoke for older evidence. Throws on a transition that the table does not know: the caller must have asked `stepsOf`.
 */
export function moveRelease(
  release: Release,
  to: ReleaseState,
  entry: { readonly at: number; readonly userId: string | null; readonly reason: string },
): Release {
  if (!canMove(release.state, to)) throw new Error(`A release cannot go from ${release.state} to ${to}`)
  const again = to === 'testing' ? { certificateId: null, certification: null, approval: null } : {}
  return { ...release, ...again, state: to, history: [...release.history, { state: to, ...entry }] }
}

const submitters: readonly Role[] = ['operator', 'product-owner', 'qa-expert', 'administrator']
/** Who may take a step at all. Other rules (separation of duties, evidence) come on top. */
export const stepRoles: Readonly<Record<ReleaseStep, readonly Role[]>> = {
  test: submitters,
  certify: ['qa-expert'],
  refuse: ['qa-expert'],
  approve: ['product-owner'],
  release: ['product-owner'],
  'roll-back': ['product-owner'],
  withdraw: submitters,
}

const stepStates: Readonly<Record<ReleaseStep, readonly ReleaseState[]>> = {
  test: ['draft', 'tested', 'certified', 'approved'],
  certify: ['tested'],
  refuse: ['tested'],
  approve: ['certified'],
  release: ['approved'],
  'roll-back': ['released'],
  withdraw: ['draft', 'testing', 'tested', 'certified', 'approved'],
}

const roleNames: Record<Role, string> = {
  viewer: 'a viewer',
  operator: 'an operator',
  'product-owner': 'a product owner',
  'qa-expert': 'a QA expert',
  administrator: 'an administrator',
}
const stateNames: Partial<Record<ReleaseState, string>> = { 'rolled-back': 'rolled back', testing: 'being tested' }
const stateName = (state: ReleaseState) => stateNames[state] ?? state
const deeds: Record<ReleaseStep, string> = {
  test: 'be tested',
  certify: 'be certified',
  refuse: 'be refused',
  approve: 'be approved',
  release: 'be released',
  'roll-back': 'be rolled back',
  withdraw: 'be withdrawn',
}

export interface StepPermission {
  readonly step: ReleaseStep
  readonly isAllowed: boolean
  /** Why not, or what the step does. */
  readonly why: string
}

const effects: Record<ReleaseStep, string> = {
  test: 'Runs the test plan against the test deployment',
  certify: 'Signs a certificate on the newest test run',
  refuse: 'Signs a refusal on the newest test run; the release ends there',
  approve: 'Signs that the certified version may go to production',
  release: 'Sends the version to production through a connection',
  'roll-back': 'Sends the version before it back to production',
  withdraw: 'Ends the release without touching production',
}

/** Why the caller may not take the step now, most basic first; empty when they may. `shownRunId`: see objectionsToCertifying. */
export function objectionsToStep(
  step: ReleaseStep,
  evidence: ReleaseEvidence,
  caller: Caller,
  shownRunId: string | null = null,
): string[] {
  const { release } = evidence
  const roles = stepRoles[step]
  if (!roles.some((role) => caller.roles.includes(role)))
    return [
      `This is for ${formatList(
        roles.map((role) => roleNames[role]),
        5,
      ).replace(/ and (?=an? [^,]*$)/, ' or ')}`,
    ]
  if (!stepStates[step].includes(release.state)) {
    const when = formatList(stepStates[step].map(stateName), 6).replace(/ and (?=[^,]*$)/, ' or ')
    return [`It is ${stateName(release.state)}; it can ${deeds[step]} when it is ${when}`]
  }
  switch (step) {
    case 'certify':
      return objectionsToCertifying(evidence, caller.userId, 'certified', shownRunId)
    case 'refuse':
      return objectionsToCertifying(evidence, caller.userId, 'refused', shownRunId)
    case 'approve':
      return objectionsToApproving(evidence, caller.userId)
    case 'release':
      return objectionsToReleasing(evidence)
    case 'test':
      return isSettled(evidence) ? ['Its certificate is still valid; testing again would void it'] : []
    case 'roll-back':
      return objectionsToRollBack(evidence)
    case 'withdraw':
      return []
  }
}

const isSettled = ({ release, certificate, now }: ReleaseEvidence) =>
  (release.state === 'certified' || release.state === 'approved') && !isCertificateExpired(certificate, now)

function objectionsToRollBack({ release, productionVersionId }: ReleaseEvidence): string[] {
  if (release.fromVersionId === null) return ['No version ran in production before it']
  if (productionVersionId !== release.versionId) return ['Production no longer runs this version']
  return []
}

/** Every step with whether this caller may take it now, and a sentence why not. */
export function stepsOf(evidence: ReleaseEvidence, caller: Caller): StepPermission[] {
  return releaseSteps.map((step) => {
    const objections = objectionsToStep(step, evidence, caller)
    return {
      step,
      isAllowed: objections.length === 0,
      why: objections.length === 0 ? effects[step] : `${objections.join('. ')}.`,
    }
  })
}
