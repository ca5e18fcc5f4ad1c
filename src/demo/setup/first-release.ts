import { setTimeout as pause } from 'node:timers/promises'
import type { Gate, Release, TestPlan } from '../../contract/release.ts'
import type { DemoHost } from '../host.ts'
import type { ParkConnections } from './connections.ts'
import type { ParkDeployments } from './deployments.ts'
import type { RegisteredModels } from './models.ts'
import { PEOPLE, passwordOf } from './people.ts'
import { finishedJob } from './upload.ts'

const operator = PEOPLE.operator.login
const qaExpert = PEOPLE.qaExpert.login
const productOwner = PEOPLE.productOwner.login
const PLAN_NAME = 'Fit for the entrance'
const RELEASED_WITHIN_MS = 60_000

/** What a version must pass before it may judge the animals at the entrance. */
const GATES: readonly Gate[] = [
  {
    id: 'accuracy',
    title: 'Nine in ten are told apart',
    kind: 'metric',
    metric: 'accuracy',
    limit: 0.9,
    direction: 'at-least',
    usesInterval: true,
    maxLossAgainstProduction: 0.03,
  },
  {
    id: 'recall',
    title: 'Dogs are found',
    kind: 'metric',
    metric: 'recall',
    limit: 0.88,
    direction: 'at-least',
    usesInterval: false,
    maxLossAgainstProduction: 0.05,
  },
  {
    id: 'members-and-guests',
    title: 'Members and guests alike',
    kind: 'fairness',
    measure: 'accuracyDifference',
    groupColumns: ['ticket'],
    limit: 0.08,
    direction: 'at-most',
    minimumGroupSize: 50,
  },
  { id: 'worst-slice', title: 'No slice fails often', kind: 'worst-slice', maxErrorRate: 0.25, minCoverage: 0.05 },
  { id: 'same-twice', title: 'Same frame, same answer', kind: 'determinism', samples: 50, tolerance: 1e-6 },
  {
    id: 'small-noise',
    title: 'A little noise changes little',
    kind: 'perturbation',
    samples: 100,
    epsilon: 0.02,
    maxFlipShare: 0.05,
    seed: 1,
  },
  {
    id: 'latency',
    title: "Quick under the camera's load",
    kind: 'latency',
    requestsPerSecond: 20,
    durationMs: 5000,
    quantile: 0.95,
    limitMs: 400,
    maxErrorShare: 0,
  },
]

export async function ensureTestPlan(host: DemoHost, { model, testSet }: RegisteredModels): Promise<TestPlan> {
  const known = await host.call(qaExpert, 'testPlans.list', { modelId: model.id })
  const found = known.find(({ record }) => record.name === PLAN_NAME)
  if (found) return found.record
  const { record } = await host.call(qaExpert, 'testPlans.save', {
    id: null,
    revision: null,
    plan: { name: PLAN_NAME, modelId: model.id, datasetId: testSet.id, validityDays: 180, gates: [...GATES] },
    reason: 'What the keepers, the members and the operator of the camera agreed on.',
  })
  return record
}

/**
 * Takes the released version through its release, step by step, each by who may take it: submitted, tested through the wire,
 * certified, approved, released. Continues a release that was begun.
 */
export async function makeFirstRelease(
  host: DemoHost,
  models: RegisteredModels,
  deployments: ParkDeployments,
  connections: ParkConnections,
): Promise<void> {
  const { model, released } = models
  const plan = await ensureTestPlan(host, models)
  const known = await host.call(operator, 'releases.list', { modelId: model.id })
  const found = known.find(({ record }) => record.versionId === released.id)?.record
  const id =
    found?.id ??
    (
      await host.call(operator, 'releases.submit', {
        modelId: model.id,
        versionId: released.id,
        testDeploymentId: deployments.test.id,
        productionDeploymentId: deployments.production.id,
        planId: plan.id,
        reason: 'The pilot has served its month; this version has learned from twice as many frames.',
      })
    ).record.id

  const look = async () => (await host.call(qaExpert, 'releases.get', { id })).release
  const isAt = async (...states: Release['state'][]) => states.includes((await look()).record.state)

  if (await isAt('draft')) {
    const { jobId } = await host.call(operator, 'releases.runTests', { id, revision: (await look()).revision })
    await finishedJob(host, operator, jobId)
  }
  if (await isAt('tested')) {
    const { record, revision } = await look()
    await host.call(qaExpert, 'releases.certify', {
      id,
      revision,
      decision: 'certified',
      testRunId: record.testRunIds[record.testRunIds.length - 1],
      signature: {
        meaning: 'review',
        reason: 'Every gate is closed; the slices that fail most are small and known.',
        password: passwordOf(qaExpert),
      },
    })
  }
  if (await isAt('certified')) {
    await host.call(productOwner, 'releases.approve', {
      id,
      revision: (await look()).revision,
      signature: {
        meaning: 'approval',
        reason: 'Better than the pilot on all that was measured.',
        password: passwordOf(productOwner),
      },
    })
  }
  if (await isAt('approved')) {
    await host.call(productOwner, 'releases.release', {
      id,
      revision: (await look()).revision,
      connectionId: connections.deploy,
      reason: 'Released in the quiet hour before the park opens.',
    })
  }
  const deadline = host.now() + RELEASED_WITHIN_MS
  for (;;) {
    const { record } = await look()
    if (record.state === 'released') return
    if (record.state !== 'releasing' || host.now() > deadline) {
      throw new Error(`the first release ended as ${record.state}: ${record.history.at(-1)?.reason ?? ''}`)
    }
    await pause(200)
  }
}
