/** Small valid records that tests vary; used by tests alone. */
import type { Alert } from '../../contract/alert.ts'
import type { Finding, Limit } from '../../contract/finding.ts'
import type { Certificate, Gate, GateResult, Release, TestPlan, TestRun } from '../../contract/release.ts'
import { keyOf } from '../subject.ts'

export const hour = 3_600_000
export const day = 24 * hour
/** 21 November 2026, 00:00 UTC. */
export const midnight = Date.UTC(2026, 10, 21)

export function exampleFinding(changes: Partial<Finding> & { id: string }): Finding {
  return {
    monitorId: 'mon_1',
    kind: 'performance',
    target: { type: 'deployment', id: 'dep_1' },
    subject: { metric: 'accuracy' },
    at: midnight,
    window: { from: midnight - day, to: midnight },
    value: 0.9,
    unit: '',
    n: 1000,
    interval: null,
    status: 'ok',
    limit: null,
    evidence: null,
    message: 'accuracy 0.90, n 1,000',
    engine: '1',
    ...changes,
  }
}

/** A daily series of one number, the statuses given as letters: o(k), w(arning), b(reach), i(nsufficient). */
export function exampleSeries(letters: string, changes: Partial<Finding> = {}, start = midnight): Finding[] {
  const statuses = { o: 'ok', w: 'warning', b: 'breach', i: 'insufficient' } as const
  return [...letters].map((letter, index) => {
    const to = start + index * day
    return exampleFinding({
      id: `fnd_${index}`,
      at: to + 1000,
      window: { from: to - day, to },
      status: statuses[letter as keyof typeof statuses],
      message: `day ${index}`,
      ...changes,
    })
  })
}

export const exampleLimit = (changes: Partial<Limit> = {}): Limit => ({
  kind: 'performance',
  subject: { metric: 'accuracy' },
  direction: 'below',
  warning: null,
  breach: 0.9,
  upperBreach: null,
  persistence: { k: 1, of: 1 },
  severity: 'critical',
  ...changes,
})

export function exampleAlert(changes: Partial<Alert> & { id: string }): Alert {
  const base = {
    kind: changes.kind ?? ('performance' as const),
    target: changes.target ?? ({ type: 'deployment', id: 'dep_1' } as const),
    subject: changes.subject ?? { metric: 'accuracy' },
  }
  return {
    ...base,
    state: 'open',
    severity: 'critical',
    dedupeKey: keyOf(base),
    title: 'Accuracy below 0.90 on cat-dog',
    message: 'accuracy 0.80',
    firstFindingId: 'fnd_0',
    lastFindingId: 'fnd_0',
    occurrences: 1,
    beganAt: midnight,
    openedAt: midnight,
    updatedAt: midnight,
    mutedUntil: null,
    assigneeId: null,
    linkedAlertIds: [],
    linkReason: null,
    comments: [],
    actionIds: [],
    resolution: null,
    ...changes,
  }
}

const digest = (letter: string) => letter.repeat(64)
const gate: Gate = {
  id: 'accuracy',
  title: 'Accuracy',
  kind: 'metric',
  metric: 'accuracy',
  limit: 0.9,
  direction: 'at-least',
  usesInterval: true,
  maxLossAgainstProduction: null,
}
const passed: GateResult = {
  gateId: 'accuracy',
  kind: 'metric',
  title: 'Accuracy',
  outcome: 'passed',
  measured: { value: 0.95, n: 1000, interval: [0.93, 0.96] },
  unit: '',
  limit: 0.9,
  direction: 'at-least',
  production: null,
  message: 'accuracy 0.95',
  detail: null,
}

export const examplePlan: TestPlan = {
  id: 'tpl_1',
  name: 'Plan',
  modelId: 'mdl_1',
  datasetId: 'dat_1',
  gates: [gate],
  validityDays: 90,
  authorId: 'usr_author',
  createdAt: midnight,
}

export const exampleRun = (changes: Partial<TestRun> = {}): TestRun => ({
  id: 'trn_1',
  releaseId: 'rel_1',
  planId: 'tpl_1',
  planRevision: 1,
  planDigest: digest('a'),
  datasetDigest: digest('b'),
  versionId: 'ver_2',
  deploymentId: 'dep_test',
  endpointUrl: 'http://127.0.0.1:1/',
  state: 'passed',
  startedAt: midnight - 2 * hour,
  finishedAt: midnight - hour,
  startedBy: 'usr_submitter',
  gates: [passed],
  problem: null,
  evidenceDigest: digest('c'),
  engine: '1',
  ...changes,
})

export const exampleRelease = (changes: Partial<Release> = {}): Release => ({
  id: 'rel_1',
  modelId: 'mdl_1',
  versionId: 'ver_2',
  fromVersionId: 'ver_1',
  testDeploymentId: 'dep_test',
  productionDeploymentId: 'dep_1',
  planId: 'tpl_1',
  state: 'tested',
  submittedBy: 'usr_submitter',
  reason: 'new breed',
  testRunIds: ['trn_1'],
  certificateId: null,
  certification: null,
  approval: null,
  actionIds: [],
  history: [],
  createdAt: midnight,
  ...changes,
})

export const exampleSignature = (userId: string) => ({
  userId,
  userName: userId,
  meaning: 'approval' as const,
  reason: 'all gates closed',
  at: midnight,
  keyId: digest('d'),
})

export function exampleCertificate(changes: Partial<Certificate['predicate']> = {}): Certificate {
  return {
    id: 'crt_1',
    releaseId: 'rel_1',
    versionId: 'ver_2',
    decision: 'certified',
    envelope: { payload: '', payloadType: '', signatures: [{ sig: '' }] },
    publicKeyPem: '',
    predicate: {
      decision: 'certified',
      release: 'rel_1',
      model: { id: 'mdl_1', key: 'cat-dog', name: 'Cat or dog' },
      version: { id: 'ver_2', name: '2' },
      plan: { id: 'tpl_1', name: 'Plan', revision: 1, digest: digest('a') },
      testRun: {
        id: 'trn_1',
        evidenceDigest: digest('c'),
        datasetDigest: digest('b'),
        startedAt: midnight - 2 * hour,
        finishedAt: midnight - hour,
      },
      gates: [passed],
      signer: exampleSignature('usr_qa'),
      issuedAt: midnight,
      validUntil: midnight + 90 * day,
      operatingEnvelope: {},
      engine: '1',
      ...changes,
    },
  }
}
