import { engine } from '../../analysis/answer.ts'
import type { Revisioned } from '../../contract/records.ts'
import type { TestPlan, TestRun } from '../../contract/release.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import { moveRelease } from '../../rules/release-states.ts'
import type { Put } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import type { JobContext } from '../jobs/jobs.ts'
import type { Collection } from '../rooms.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { encodeEvidence } from './evidence/encode.ts'
import { stateOfGates } from './judge/judge-gates.ts'
import { type LoadedRelease, loadRelease, planDigestOf, releaseName, releaseSubject } from './load-release.ts'
import { createAsker } from './measure/asker.ts'
import { collectEvidence } from './measure/collect-evidence.ts'
import { RunFault } from './measure/run-fault.ts'
import { loadTestSet, type TestSet } from './measure/test-set.ts'
import { openServed, type ServedEndpoint } from './test-endpoint.ts'

/** What a run ended with. */
type Ending = Pick<TestRun, 'state' | 'gates' | 'problem' | 'evidenceDigest'>

const stopped = (state: 'error' | 'cancelled', problem: string | null): Ending => ({
  state,
  problem,
  gates: [],
  evidenceDigest: null,
})

export interface TestRuns {
  /** Checks that everything is there, records the run and starts it as a job; refuses with a sentence. */
  begin(loaded: LoadedRelease, caller: Caller): Promise<{ release: Revisioned<'release'>; jobId: string }>
  /** Cancels the run of a release, if one is under way here. */
  cancel(releaseId: string): void
  /** Marks what was under way when the console stopped. */
  recover(): Promise<void>
}

interface Prepared {
  readonly testSet: TestSet
  readonly candidate: ServedEndpoint
  readonly production: ServedEndpoint | string
}

export function createTestRuns(
  context: ServiceContext,
  collection: Pick<Collection, 'endpointClient'>,
  monotonicMs: () => number = () => performance.now(),
): TestRuns {
  const { store, jobs, workers, now, newId, log } = context
  const { records, blobs } = store
  const jobIds = new Map<string, string>()

  async function prepare(loaded: LoadedRelease): Promise<Prepared> {
    const { testDeployment, production, version, fromVersion, dataset } = loaded
    const candidate = await openServed({ records, collection }, testDeployment, version)
    if (typeof candidate === 'string') throw new RpcError('refused', `${candidate}.`)
    const compared =
      fromVersion === null
        ? 'No version ran in production'
        : await openServed({ records, collection }, production.record, fromVersion)
    try {
      return { candidate, production: compared, testSet: await loadTestSet(blobs, dataset, version.schema) }
    } catch (error) {
      if (error instanceof RunFault) throw new RpcError('refused', error.message)
      throw error
    }
  }

  async function measure(run: TestRun, plan: TestPlan, loaded: LoadedRelease, prepared: Prepared, job: JobContext) {
    const { testSet, candidate, production } = prepared
    const { testDeployment, version, fromVersion } = loaded
    const { signal } = job
    const asker = (served: ServedEndpoint, name: string, givesUp = true) =>
      createAsker({ client: served.client, inputs: testSet.inputs, schema: version.schema, name, signal, givesUp })
    const isCompared = typeof production !== 'string' && fromVersion !== null
    const evidence = await collectEvidence({
      plan,
      testSet,
      facts: {
        runId: run.id,
        releaseId: run.releaseId,
        planDigest: run.planDigest,
        datasetDigest: run.datasetDigest,
        candidate: { versionId: version.id, versionName: version.name, deploymentId: testDeployment.id },
        production: isCompared
          ? { versionId: fromVersion.id, versionName: fromVersion.name, deploymentId: loaded.production.record.id }
          : null,
        productionProblem: typeof production === 'string' && fromVersion !== null ? production : null,
        startedAt: run.startedAt,
      },
      candidate: asker(candidate, testDeployment.name),
      patientCandidate: asker(candidate, testDeployment.name, false),
      production: isCompared ? asker(production, loaded.production.record.name) : null,
      monotonicMs,
      signal,
      onProgress: (fraction, message) => job.progress(fraction, message),
    })
    // Another version put into service meanwhile would make the evidence a mixture.
    const objection = await candidate.objection(signal)
    if (objection !== null) throw new RunFault(`During the run the endpoint changed. ${objection}.`)
    return evidence
  }

  async function carryOut(
    run: TestRun,
    plan: TestPlan,
    loaded: LoadedRelease,
    prepared: Prepared,
    job: JobContext,
  ): Promise<Ending> {
    const evidence = await measure(run, plan, loaded, prepared, job)
    const { digest } = await blobs.put(encodeEvidence(evidence))
    job.progress(0.96, 'Judging the gates')
    const gates = await workers.run(
      'releases.judge',
      { evidenceDigest: digest, gates: plan.gates },
      { signal: job.signal },
    )
    return { state: stateOfGates(gates), gates, problem: null, evidenceDigest: digest }
  }

  /** Writes how a run ended; the release goes on from there, unless it was withdrawn meanwhile. */
  async function finish(runId: string, ending: Ending): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const run = await records.get('testRun', runId)
      if (run === null || run.record.state !== 'running') return
      const loaded = await loadRelease(records, run.record.releaseId, now())
      const { release } = loaded
      const hasResult = ending.state === 'passed' || ending.state === 'failed'
      const puts: Put[] = [
        { kind: 'testRun', revision: run.revision, record: { ...run.record, ...ending, finishedAt: now() } },
      ]
      if (release.record.state === 'testing')
        puts.push({
          kind: 'release',
          revision: release.revision,
          record: moveRelease(release.record, hasResult ? 'tested' : 'draft', {
            at: now(),
            userId: null,
            reason: hasResult ? `Test run ${ending.state}` : (ending.problem ?? `Test run ${ending.state}`),
          }),
        })
      try {
        await commitOrRefuse(
          records,
          puts,
          draftOf(systemCaller, now(), {
            action: 'system.testRunEnded',
            subject: releaseSubject(loaded),
            reason: ending.problem,
            details: {
              runId,
              state: ending.state,
              evidenceDigest: ending.evidenceDigest,
              gates: Object.fromEntries(ending.gates.map(({ gateId, outcome }) => [gateId, outcome])),
            },
          }),
        )
        return
      } catch (error) {
        // Somebody changed the release in this very moment: look again.
        if (!(error instanceof RpcError && error.code === 'stale') || attempt === 5) throw error
      }
    }
  }

  async function runJob(run: TestRun, plan: TestPlan, loaded: LoadedRelease, prepared: Prepared, job: JobContext) {
    try {
      await finish(run.id, await carryOut(run, plan, loaded, prepared, job))
      return run.id
    } catch (error) {
      if (job.signal.aborted) await finish(run.id, stopped('cancelled', null))
      else {
        const isForeseen = error instanceof RunFault
        await finish(run.id, stopped('error', isForeseen ? error.message : 'The test run failed inside the console'))
      }
      throw error
    }
  }

  return {
    async begin(loaded, caller) {
      if (caller.userId === null) throw new RpcError('signed-out', 'Sign in first')
      const prepared = await prepare(loaded)
      const { release, plan, version, testDeployment, dataset } = loaded
      const run: TestRun = {
        id: newId('trn'),
        releaseId: release.record.id,
        planId: plan.record.id,
        planRevision: plan.revision,
        planDigest: planDigestOf(plan.record),
        datasetDigest: dataset.digest,
        versionId: version.id,
        deploymentId: testDeployment.id,
        endpointUrl: prepared.candidate.url,
        state: 'running',
        startedAt: now(),
        finishedAt: null,
        startedBy: caller.userId,
        gates: [],
        problem: null,
        evidenceDigest: null,
        engine,
      }
      const reason = `Tests by ${plan.record.name}, revision ${plan.revision}`
      const moved = moveRelease(release.record, 'testing', { at: now(), userId: caller.userId, reason })
      const record = { ...moved, testRunIds: [...moved.testRunIds, run.id] }
      const [revision] = await commitOrRefuse(
        records,
        [
          { kind: 'release', record, revision: release.revision },
          { kind: 'testRun', record: run, revision: null },
        ],
        draftOf(caller, now(), {
          action: 'releases.runTests',
          subject: releaseSubject(loaded),
          details: { runId: run.id, planDigest: run.planDigest, datasetDigest: run.datasetDigest },
        }),
      )
      const job = jobs.start({
        kind: 'test-run',
        title: `Tests of ${releaseName(loaded)}`,
        run: (jobContext) => runJob(run, plan.record, loaded, prepared, jobContext),
      })
      jobIds.set(run.releaseId, job.id)
      void jobs.ended(job.id).then(async ({ state }) => {
        jobIds.delete(run.releaseId)
        // Cancelled before its turn came: nobody else has written the end.
        if (state === 'cancelled')
          await finish(run.id, stopped('cancelled', null)).catch((error: unknown) =>
            log.error({ error, runId: run.id }, 'The end of a test run could not be written'),
          )
      })
      return { release: { revision, record }, jobId: job.id }
    },

    cancel(releaseId) {
      const jobId = jobIds.get(releaseId)
      if (jobId !== undefined) jobs.cancel(jobId)
    },

    async recover() {
      for (const { record } of await records.list('testRun'))
        if (record.state === 'running') await finish(record.id, stopped('error', 'The console stopped during the run'))
    },
  }
}
