import type { OutputOf } from '../../../../contract/api.ts'
import type { Gate, GateResult, Release, TestPlan, TestRun } from '../../../../contract/release.ts'
import { defaultGates } from '../../../features/releases/plans/new-gate.ts'
import { dayMs, digestOf, hourMs, model, nowAt, versions } from '../park.ts'
import { certificateOf } from './certificate.ts'
import { logEntries } from './log.ts'
import { userNames } from './people.ts'

const gates: Gate[] = defaultGates(versions[0].schema)

export const plan: TestPlan = {
  id: 'tpl_1',
  name: 'Park acceptance',
  modelId: model.id,
  datasetId: 'dat_test',
  gates,
  validityDays: 90,
  authorId: 'usr_1',
  createdAt: nowAt - 50 * dayMs,
}

const numbers: Record<
  Gate['kind'],
  { value: number; interval: [number, number] | null; limit: number; unit: string; message: string }
> = {
  metric: {
    value: 0.952,
    interval: [0.938, 0.963],
    limit: 0.8,
    unit: '',
    message:
      'accuracy 0.952 (0.938 to 0.963), n 1,200, must be at least 0.8. Production has 0.881 on the same rows: 0.071 better (gain 0.05 to 0.09); at most 0.02 worse is tolerated.',
  },
  fairness: {
    value: 0.071,
    interval: [0.02, 0.12],
    limit: 0.1,
    unit: '',
    message: 'accuracyDifference by light 0.071 (0.02 to 0.12), must be at most 0.1; production has 0.14.',
  },
  'worst-slice': {
    value: 0.18,
    interval: [0.12, 0.26],
    limit: 0.3,
    unit: '',
    message:
      'Worst slice (brightness <= 41 and tilt > 7, 96 rows, 8 %): error rate 0.18 (0.12 to 0.26), must be at most 0.3.',
  },
  determinism: { value: 0, interval: null, limit: 0, unit: '', message: 'All 30 samples gave the same answer twice.' },
  perturbation: {
    value: 0.03,
    interval: [0.01, 0.08],
    limit: 0.05,
    unit: 'share',
    message: '3 of 100 predictions changed under noise of 2 % of full scale.',
  },
  'missing-inputs': {
    value: 20,
    interval: null,
    limit: 20,
    unit: 'count',
    message: '20 of 20 requests with a missing input were refused with a clear error.',
  },
  latency: {
    value: 46.2,
    interval: [41.3, 55.1],
    limit: 250,
    unit: 'ms',
    message: '95 % of 100 requests at 20 a second were answered within 46.2 ms.',
  },
}

const resultOf = (gate: Gate, fails: boolean): GateResult => {
  const { value, interval, limit, unit, message } = numbers[gate.kind]
  return {
    gateId: gate.id,
    kind: gate.kind,
    title: gate.title,
    outcome:
      fails && gate.kind === 'fairness' ? 'failed' : fails && gate.kind === 'worst-slice' ? 'insufficient' : 'passed',
    measured: { value: fails && gate.kind === 'fairness' ? 0.16 : value, n: 1200, interval },
    unit,
    limit,
    direction: gate.kind === 'metric' ? 'at-least' : 'at-most',
    production: gate.kind === 'metric' ? { value: 0.881, n: 1200, interval: [0.861, 0.898] } : null,
    message,
    detail:
      gate.kind === 'fairness'
        ? {
            groups: ['day', 'dusk', 'night'].map((light, index) => ({
              group: { light },
              n: 400 - index * 90,
              labelled: 390 - index * 90,
              accuracy: 0.97 - index * 0.035,
            })),
          }
        : null,
  }
}

const runOf = (id: string, releaseId: string, fails: boolean, ageHours: number): TestRun => ({
  id,
  releaseId,
  planId: plan.id,
  planRevision: 2,
  planDigest: digestOf(301),
  datasetDigest: digestOf(302),
  versionId: 'ver_140',
  deploymentId: 'dep_test',
  endpointUrl: 'http://127.0.0.1:8081/v2',
  state: fails ? 'failed' : 'passed',
  startedAt: nowAt - ageHours * hourMs,
  finishedAt: nowAt - ageHours * hourMs + 64_000,
  startedBy: 'usr_3',
  gates: gates.map((gate) => resultOf(gate, fails)),
  problem: null,
  evidenceDigest: digestOf(303 + ageHours),
  engine: 'gallery 1.0',
})

const runs: TestRun[] = [
  runOf('trn_1', 'rel_3', true, 18),
  runOf('trn_2', 'rel_3', false, 6),
  runOf('trn_9', 'rel_4', true, 2),
]

const base: Omit<Release, 'id' | 'state' | 'history'> = {
  modelId: model.id,
  versionId: 'ver_140',
  fromVersionId: 'ver_130',
  testDeploymentId: 'dep_test',
  productionDeploymentId: 'dep_production',
  planId: plan.id,
  submittedBy: 'usr_3',
  reason: 'Retrained on tilted frames after the knock',
  testRunIds: ['trn_1', 'trn_2'],
  certificateId: null,
  certification: null,
  approval: null,
  actionIds: [],
  createdAt: nowAt - 20 * hourMs,
}
const passage = (state: Release['state'], ageHours: number, userId: string | null, reason = '') => ({
  state,
  at: nowAt - ageHours * hourMs,
  userId,
  reason,
})
const signed = {
  userId: 'usr_1',
  userName: 'Quim Expert',
  meaning: 'review' as const,
  reason: 'All gates passed; night frames looked at by hand',
  at: nowAt - 3 * hourMs,
  keyId: digestOf(5),
}

export const releases: Release[] = [
  {
    ...base,
    id: 'rel_3',
    state: 'certified',
    certificateId: 'crt_3',
    certification: signed,
    history: [
      passage('draft', 20, 'usr_3', base.reason),
      passage('testing', 19, 'usr_3'),
      passage('tested', 18, null),
      passage('testing', 7, 'usr_3'),
      passage('tested', 6, null),
      passage('certified', 3, 'usr_1', signed.reason),
    ],
  },
  {
    ...base,
    id: 'rel_4',
    testRunIds: ['trn_9'],
    state: 'tested',
    reason: 'Second try, more night frames',
    createdAt: nowAt - 4 * hourMs,
    history: [passage('draft', 4, 'usr_3'), passage('testing', 3, 'usr_3'), passage('tested', 2, null)],
  },
  {
    ...base,
    id: 'rel_2',
    versionId: 'ver_130',
    testRunIds: [],
    state: 'released',
    reason: 'New breeds',
    createdAt: nowAt - 33 * dayMs,
    history: [
      passage('draft', 800, 'usr_3'),
      passage('testing', 799, 'usr_3'),
      passage('tested', 798, null),
      passage('certified', 790, 'usr_1'),
      passage('approved', 780, 'usr_2'),
      passage('releasing', 779, 'usr_2'),
      passage('released', 778, null),
    ],
  },
  {
    ...base,
    id: 'rel_1',
    versionId: 'ver_120',
    testRunIds: [],
    state: 'superseded',
    reason: 'First release',
    createdAt: nowAt - 57 * dayMs,
    history: [passage('draft', 1400, 'usr_3'), passage('released', 1390, 'usr_2'), passage('superseded', 778, null)],
  },
]

const versionName = (id: string | null) => versions.find((version) => version.id === id)?.name ?? null

export const releaseRows = () =>
  releases.map((record) => ({
    revision: 4,
    record,
    modelName: model.name,
    versionName: versionName(record.versionId) ?? '',
  }))

export async function releaseOf(record: Release): Promise<OutputOf<'releases.get'>> {
  const own = runs.filter(({ releaseId }) => releaseId === record.id)
  const steps = (['test', 'certify', 'refuse', 'approve', 'release', 'roll-back', 'withdraw'] as const).map((step) => ({
    step,
    isAllowed:
      (record.state === 'tested' && ['test', 'certify', 'refuse'].includes(step)) ||
      (record.state === 'certified' && step === 'approve') ||
      step === 'withdraw',
    why:
      step === 'release'
        ? 'It is certified; it can be released when it is approved.'
        : step === 'approve'
          ? 'Signs that the certified version may go to production'
          : step === 'withdraw'
            ? 'Ends the release without touching production'
            : 'Signs a certificate on the newest test run',
  }))
  return {
    release: { revision: 4, record },
    plan: { revision: 2, record: plan },
    runs: own,
    certificate: record.certificateId === null ? null : await certificateOf(record, own[1], plan, signed),
    actions: [],
    modelName: model.name,
    versionName: versionName(record.versionId) ?? '',
    fromVersionName: versionName(record.fromVersionId),
    userNames,
    steps,
    receipts: (await logEntries())
      .filter(({ entry }) => entry.subject?.id === record.id)
      .map(({ entry, leafHash }) => ({
        action: entry.action,
        at: entry.at,
        actorName: entry.actor.name,
        index: entry.index,
        leafHash,
      })),
  }
}
