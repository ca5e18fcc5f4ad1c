import type { OutputOf } from '../../src/contract/api.ts'
import type { Gate, TestRun } from '../../src/contract/release.ts'
import { createReleaseHandlers } from '../../src/service/methods/releases.ts'
import { createTestPlanHandlers } from '../../src/service/methods/test-plans.ts'
import { defaultGates } from '../../src/service/releases/default-gates.ts'
import { createReleases } from '../../src/service/releases/releases.ts'
import { createWorld, password, schema } from './service-releases-world.ts'

/** The default gates, with a load that fits a test. */
export const gates = defaultGates(schema).map(
  (gate): Gate =>
    gate.kind === 'latency'
      ? { ...gate, requestsPerSecond: 60, durationMs: 1000, quantile: 0.9, limitMs: 1500 }
      : gate.kind === 'missing-inputs' || gate.kind === 'determinism'
        ? { ...gate, samples: 6 }
        : gate,
)
/** The same without the load, which takes its time. */
const quickGates = gates.filter(({ kind }) => kind !== 'latency')

export type Bench = Awaited<ReturnType<typeof openBench>>

/** A world with the methods of releases, and the steps of a release as one call each. */
export async function openBench() {
  const world = await createWorld()
  const { context, collection, actions } = world
  const releases = createReleases(context, { collection, actions })
  await releases.start()
  const plans = createTestPlanHandlers(context)
  const methods = createReleaseHandlers(context, releases)

  const sign = (reason: string, typed = password) => ({ meaning: 'approval' as const, reason, password: typed })
  const savePlan = (changes: Partial<{ gates: Gate[]; datasetId: string }> = {}) =>
    plans['testPlans.save'](
      {
        id: null,
        revision: null,
        plan: {
          name: 'Cats and dogs',
          modelId: 'mdl_1',
          datasetId: 'dat_test',
          validityDays: 90,
          gates: quickGates,
          ...changes,
        },
        reason: 'first plan',
      },
      world.as('quinn'),
    )
  const submission = (planId: string) => ({
    modelId: 'mdl_1',
    versionId: 'ver_2',
    testDeploymentId: 'dep_test',
    productionDeploymentId: 'dep_prod',
    planId,
    reason: 'knows the new breed',
  })
  async function submit(login = 'olga', changes: Partial<{ gates: Gate[] }> = {}) {
    const plan = await savePlan(changes)
    return methods['releases.submit'](submission(plan.record.id), world.as(login))
  }
  const get = (id: string, login = 'vera'): Promise<OutputOf<'releases.get'>> =>
    methods['releases.get']({ id }, world.as(login))
  async function test(id: string, login = 'olga'): Promise<TestRun> {
    const { release } = await get(id)
    const { jobId } = await methods['releases.runTests']({ id, revision: release.revision }, world.as(login))
    await world.context.jobs.ended(jobId)
    return (await get(id)).runs.at(-1) as TestRun
  }
  async function certify(id: string, login = 'quinn', decision: 'certified' | 'refused' = 'certified', typed?: string) {
    const shown = await get(id)
    return methods['releases.certify'](
      {
        id,
        revision: shown.release.revision,
        decision,
        testRunId: shown.runs.at(-1)?.id ?? 'trn_none',
        signature: sign('every gate is closed', typed),
      },
      world.as(login),
    )
  }
  async function approve(id: string, login = 'pat') {
    const { release } = await get(id)
    return methods['releases.approve'](
      { id, revision: release.revision, signature: sign('fit for the park') },
      world.as(login),
    )
  }
  const order = async (id: string, method: 'releases.release' | 'releases.rollBack' = 'releases.release') =>
    methods[method](
      { id, revision: (await get(id)).release.revision, connectionId: 'con_deploy', reason: 'fit to go' },
      world.as('pat'),
    )
  /** Orders it and waits until the deploy step has answered and all has followed from it. */
  async function send(id: string, method?: 'releases.release' | 'releases.rollBack') {
    const ended = world.nextEnding()
    await order(id, method)
    return await ended
  }
  const stateOf = async (id: string) => (await get(id)).release.record.state
  const lastEntry = async () =>
    (await world.store.audit.list({ limit: 1, before: null, action: null, subjectId: null, actorId: null }))[0].entry
  return {
    world,
    releases,
    plans,
    methods,
    savePlan,
    submission,
    submit,
    get,
    test,
    certify,
    approve,
    order,
    send,
    stateOf,
    lastEntry,
    async close() {
      releases.close()
      await world.close()
    },
  }
}
