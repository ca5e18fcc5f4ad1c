import { createPublicKey, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OutputOf } from '../../src/contract/api.ts'
import type { Gate, TestRun } from '../../src/contract/release.ts'
import { createReleaseHandlers } from '../../src/service/methods/releases.ts'
import { createTestPlanHandlers } from '../../src/service/methods/test-plans.ts'
import { openApproval } from '../../src/service/releases/certificate.ts'
import { defaultGates } from '../../src/service/releases/default-gates.ts'
import { decodeEvidence } from '../../src/service/releases/evidence/decode.ts'
import { judgeGates } from '../../src/service/releases/judge/judge-gates.ts'
import { createReleases, type Releases } from '../../src/service/releases/releases.ts'
import { createWorld, linearModel, password, schema, type World } from './service-releases-world.ts'

/** The default gates, with a load that fits a test. */
const gates = defaultGates(schema).map(
  (gate): Gate =>
    gate.kind === 'latency'
      ? { ...gate, requestsPerSecond: 60, durationMs: 1000, quantile: 0.9, limitMs: 1500 }
      : gate.kind === 'missing-inputs' || gate.kind === 'determinism'
        ? { ...gate, samples: 6 }
        : gate,
)

/** The same without the load, which takes its time. */
const quickGates = gates.filter(({ kind }) => kind !== 'latency')

describe('a release on its way to production', () => {
  let world: World
  let releases: Releases
  let plans: ReturnType<typeof createTestPlanHandlers>
  let methods: ReturnType<typeof createReleaseHandlers>

  beforeEach(async () => {
    world = await createWorld()
    const { context, collection, actions } = world
    releases = createReleases(context, { collection, actions })
    await releases.start()
    plans = createTestPlanHandlers(context)
    methods = createReleaseHandlers(context, releases)
  }, 60_000)
  afterEach(async () => {
    releases.close()
    await world.close()
  })

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

  it('goes all the way on real endpoints, and back', async () => {
    const { record } = await submit('olga', { gates })
    const run = await test(record.id)
    expect(run.gates.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    expect(run).toMatchObject({ state: 'passed', versionId: 'ver_2', problem: null })
    const accuracy = run.gates.find(({ gateId }) => gateId === 'accuracy')
    expect(accuracy?.measured.value).toBeGreaterThan(0.85)
    expect(accuracy?.production?.value).toBeLessThan(accuracy?.measured.value ?? 0)

    const { release, receipt } = await certify(record.id)
    expect(release.record).toMatchObject({ state: 'certified', certification: { userName: 'Quinn' } })
    expect(await world.store.audit.entry(receipt.index)).toMatchObject({ leafHash: receipt.leafHash })
    await approve(record.id)
    const { promise, resolve: letGo } = Promise.withResolvers<void>()
    world.deploy.wait = promise
    const ended = world.nextEnding()
    expect((await order(record.id)).record.state).toBe('releasing')
    await expect(order(record.id)).rejects.toThrow('It is releasing')
    letGo()
    expect(await ended).toMatchObject({ kind: 'release', state: 'succeeded', releaseId: record.id })
    expect(world.servers.production.version()).toBe('2.0')
    expect(await stateOf(record.id)).toBe('released')
    expect((await world.records.get('deployment', 'dep_prod'))?.record).toMatchObject({
      versionId: 'ver_2',
      history: [{ versionId: 'ver_1' }, { versionId: 'ver_2', releaseId: record.id }],
    })

    const shown = await get(record.id, 'pat')
    expect(shown.steps.filter(({ isAllowed }) => isAllowed).map(({ step }) => step)).toEqual(['roll-back'])
    expect(shown.receipts.map(({ action }) => action)).toEqual([
      'releases.submit',
      'releases.runTests',
      'system.testRunEnded',
      'releases.certify',
      'releases.approve',
      'releases.release',
      'system.releaseSettled',
    ])
    const { promise: held, resolve: letBack } = Promise.withResolvers<void>()
    world.deploy.wait = held
    const back = world.nextEnding()
    await order(record.id, 'releases.rollBack')
    await expect(order(record.id, 'releases.rollBack')).rejects.toThrow('still under way')
    letBack()
    expect(await back).toMatchObject({ kind: 'roll-back', state: 'succeeded' })
    expect(world.servers.production.version()).toBe('1.0')
    expect(await stateOf(record.id)).toBe('rolled-back')
    expect((await world.records.get('deployment', 'dep_prod'))?.record.versionId).toBe('ver_1')
  })

  it('signs what anyone can verify with public means', async () => {
    const { record } = await submit()
    await test(record.id)
    await certify(record.id)
    await approve(record.id)
    const { certificate, release } = await get(record.id)
    if (certificate === null) throw new Error('no certificate')
    const signer = await world.records.get('user', release.record.certification?.userId ?? '')
    // The envelope by the public specification alone: nothing of ours takes part.
    const body = Buffer.from(certificate.envelope.payload, 'base64')
    const { payloadType, signatures } = certificate.envelope
    const signed = Buffer.concat([
      Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${body.length} `),
      body,
    ])
    const key = createPublicKey(signer?.record.publicKeyPem ?? '')
    expect(verify(null, signed, key, Buffer.from(signatures[0].sig, 'base64'))).toBe(true)
    const statement = JSON.parse(body.toString('utf8'))
    expect(statement._type).toBe('https://in-toto.io/Statement/v1')
    expect(statement.predicateType).toBe('urn:assay:certificate:v1')
    expect(statement.subject).toContainEqual({
      name: 'model.onnx',
      digest: { sha256: (await world.records.get('version', 'ver_2'))?.record.artifacts[0].digest },
    })
    expect(statement.predicate).toEqual(certificate.predicate)
    expect(certificate.predicate.operatingEnvelope).toEqual({
      size: { range: [-10, 10], categories: null },
      weight: { range: [-10, 10], categories: null },
      gate: { range: null, categories: ['north', 'south'] },
    })
    // The approval is signed as well, and kept in the log.
    const { details } = await lastEntry()
    const approver = await world.records.get('user', release.record.approval?.userId ?? '')
    const envelope = details.envelope as never
    expect(openApproval(envelope, approver?.record.publicKeyPem ?? '')).toMatchObject({
      status: 'verified',
      statement: { predicate: { release: record.id, certificate: { id: certificate.id } } },
    })
    expect(openApproval(envelope, signer?.record.publicKeyPem ?? '').status).toBe('refused')
  })

  it('keeps evidence that gives the same results again, bit for bit', async () => {
    const { record } = await submit('olga', { gates })
    const run = await test(record.id)
    const bytes = await world.store.blobs.get(run.evidenceDigest ?? '')
    const evidence = decodeEvidence(bytes ?? new Uint8Array())
    expect(JSON.stringify(judgeGates(evidence, { gates }))).toBe(JSON.stringify(run.gates))
    expect(evidence.rows).toHaveLength(400)
    expect(evidence.rows[7]).toMatchObject({ row: 7, id: 'row-7' })
    expect(evidence.requests).toHaveLength(60)
    // Evidence that says something else gives something else.
    const lie = { ...evidence, rows: evidence.rows.map((row) => ({ ...row, label: 'cat' })) }
    expect(judgeGates(lie, { gates })[0].outcome).toBe('failed')
  })

  it('never lets one person do what two must', async () => {
    const own = await submit('max')
    await test(own.record.id)
    await expect(certify(own.record.id, 'max')).rejects.toThrow('another QA expert must sign')
    await certify(own.record.id, 'quinn')
    await approve(own.record.id, 'max')
    await methods['releases.withdraw'](
      { id: own.record.id, revision: (await get(own.record.id)).release.revision, reason: 'try again' },
      world.as('max'),
    )
    const { record } = await submit('olga')
    await test(record.id)
    await certify(record.id, 'max')
    await expect(approve(record.id, 'max')).rejects.toThrow('cannot also approve')
    expect(await stateOf(record.id)).toBe('certified')
  })

  it('counts wrong passwords, logs each once, and locks', async () => {
    const { record } = await submit()
    await test(record.id)
    const size = await world.store.audit.size()
    // Tried all at once: each counts all the same.
    const tries = await Promise.allSettled(
      Array.from({ length: 4 }, () => certify(record.id, 'quinn', 'certified', 'wrong')),
    )
    expect(tries.every(({ status }) => status === 'rejected')).toBe(true)
    expect(await world.store.audit.size()).toBe(size + 4)
    expect(await lastEntry()).toMatchObject({
      action: 'releases.certify',
      details: { outcome: 'refused', why: 'password' },
    })
    await expect(certify(record.id, 'quinn', 'certified', 'wrong')).rejects.toThrow('locked')
    await expect(certify(record.id, 'quinn')).rejects.toThrow('locked')
    world.passTime(16 * 60_000)
    await certify(record.id, 'quinn')
    expect(await stateOf(record.id)).toBe('certified')
  })

  it('refuses what is stale, untested, or rests on a changed plan', async () => {
    const { record, revision } = await submit()
    await expect(certify(record.id)).rejects.toThrow('It is draft')
    await test(record.id)
    await expect(
      methods['releases.withdraw']({ id: record.id, revision, reason: 'late' }, world.as('olga')),
    ).rejects.toMatchObject({ code: 'stale' })
    const plan = (await get(record.id)).plan
    await plans['testPlans.save'](
      {
        id: plan.record.id,
        revision: plan.revision,
        plan: { ...plan.record, gates: gates.slice(0, 1) } as never,
        reason: 'easier',
      },
      world.as('quinn'),
    )
    await expect(certify(record.id)).rejects.toThrow('The test plan has changed since the run')
  })

  it('refuses to certify open gates, and lets a refusal be signed', async () => {
    await world.servers.test.load(linearModel(0.95), '2.0')
    const { record } = await submit()
    const run = await test(record.id)
    expect(run.state).toBe('failed')
    expect(run.gates.find(({ gateId }) => gateId === 'accuracy')?.message).toContain('worse')
    await expect(certify(record.id)).rejects.toThrow('Gates are not closed')
    await certify(record.id, 'quinn', 'refused')
    expect(await stateOf(record.id)).toBe('refused')
    expect((await get(record.id)).certificate?.predicate.decision).toBe('refused')
  })

  it('tests nothing but the version that it says', async () => {
    const { record, revision } = await submit()
    const begin = () => methods['releases.runTests']({ id: record.id, revision }, world.as('olga'))
    await world.servers.test.load(world.models.old, '1.0')
    await expect(begin()).rejects.toThrow('serves cat-dog 1.0, not 2.0')
    await world.servers.test.load(world.models.next, '2.0')
    const { jobId } = await begin()
    // Switched under the run: its evidence would be a mixture.
    await world.servers.test.load(world.models.old, '1.1')
    await world.context.jobs.ended(jobId)
    const shown = await get(record.id)
    expect(shown.release.record.state).toBe('draft')
    expect(shown.runs[0]).toMatchObject({ state: 'error', evidenceDigest: null })
    expect(shown.runs[0].problem).toContain('not 2.0')
  })

  it('calls an endpoint that dies an error, not a failure of the version', async () => {
    const { record, revision } = await submit()
    const { jobId } = await methods['releases.runTests']({ id: record.id, revision }, world.as('olga'))
    await world.stopServer('test')
    await world.context.jobs.ended(jobId)
    const [run] = (await get(record.id)).runs
    expect(run).toMatchObject({ state: 'error', gates: [] })
    expect(run.problem).toMatch(/stopped answering|cannot be asked/)
    expect(await stateOf(record.id)).toBe('draft')
  })

  it('can be cancelled, withdrawn under way, and is marked when the console stopped', async () => {
    world.servers.test.setFaults({ latencyMs: 300 })
    const { record, revision } = await submit()
    const first = await methods['releases.runTests']({ id: record.id, revision }, world.as('olga'))
    world.context.jobs.cancel(first.jobId)
    await world.context.jobs.ended(first.jobId)
    expect(await get(record.id)).toMatchObject({
      release: { record: { state: 'draft' } },
      runs: [{ state: 'cancelled' }],
    })

    const second = await methods['releases.runTests'](
      { id: record.id, revision: (await get(record.id)).release.revision },
      world.as('olga'),
    )
    await methods['releases.withdraw'](
      { id: record.id, revision: (await get(record.id)).release.revision, reason: 'not now' },
      world.as('olga'),
    )
    expect((await world.context.jobs.ended(second.jobId)).state).toBe('cancelled')
    expect(await get(record.id)).toMatchObject({
      release: { record: { state: 'withdrawn' } },
      runs: [{ state: 'cancelled' }, { state: 'cancelled' }],
    })

    // As a crash leaves it: a run that nobody is running.
    const again = await submit()
    const run: TestRun = {
      ...(await get(record.id)).runs[0],
      id: 'trn_crashed',
      releaseId: again.record.id,
      state: 'running',
      finishedAt: null,
    }
    await world.write(
      [
        { kind: 'testRun', record: run, revision: null },
        {
          kind: 'release',
          record: { ...again.record, state: 'testing', testRunIds: [run.id] },
          revision: again.revision,
        },
      ],
      'test.crash',
    )
    await releases.start()
    expect(await get(again.record.id)).toMatchObject({
      release: { record: { state: 'draft' } },
      runs: [{ state: 'error', problem: 'The console stopped during the run' }],
    })
  })

  it('comes back from a connector that failed, with the problem shown', async () => {
    const { record } = await submit()
    await test(record.id)
    await certify(record.id)
    await approve(record.id)
    world.deploy.refuses = true
    expect(await send(record.id)).toMatchObject({ state: 'failed' })
    const shown = await get(record.id)
    expect(shown.release.record.state).toBe('approved')
    expect(shown.release.record.history.at(-1)?.reason).toContain('the deploy step said no')
    expect((await world.records.get('deployment', 'dep_prod'))?.record.versionId).toBe('ver_1')
    world.deploy.refuses = false
    await send(record.id)
    expect(await stateOf(record.id)).toBe('released')
  })

  it('ends a release that an alert took out of production', async () => {
    const { record } = await submit()
    await test(record.id)
    await certify(record.id)
    await approve(record.id)
    await send(record.id)
    const ended = world.nextEnding()
    await world.actions.request({
      kind: 'roll-back',
      alertId: null,
      releaseId: null,
      deploymentId: 'dep_prod',
      connectionId: 'con_deploy',
      targetVersionId: null,
      reason: 'accuracy fell',
      caller: world.as('pat').caller,
      auditAction: 'actions.start',
    })
    expect(await ended).toMatchObject({ state: 'succeeded' })
    expect((await get(record.id)).release.record.history.at(-1)).toMatchObject({
      state: 'rolled-back',
      reason: 'accuracy fell',
    })
    // Another release of the same version may begin.
    await submit()
  })

  it('supersedes the release that ran before it', async () => {
    const lenient = [{ ...gates[0], limit: 0.1, maxLossAgainstProduction: null } as Gate]
    const go = async (id: string) => {
      await test(id)
      await certify(id)
      await approve(id)
      await send(id)
    }
    const { record: first } = await submit('olga', { gates: lenient })
    await go(first.id)
    await world.servers.test.load(world.models.old, '1.0')
    const { record: second } = await methods['releases.submit'](
      { ...submission(first.planId), versionId: 'ver_1', reason: 'the old one was better' },
      world.as('olga'),
    )
    await go(second.id)
    expect([await stateOf(first.id), await stateOf(second.id)]).toEqual(['superseded', 'released'])
    expect(world.servers.production.version()).toBe('1.0')
    expect((await get(second.id)).fromVersionName).toBe('2.0')
  })

  it('takes only plans that can be run', async () => {
    await expect(savePlan({ gates: [gates[0], { ...gates[1], id: gates[0].id }] })).rejects.toThrow('Several gates')
    await expect(savePlan({ datasetId: 'dat_ref' })).rejects.toThrow('not a test set')
    const odd = { ...gates[0], metric: 'charm' } as Gate
    await expect(savePlan({ gates: [odd] })).rejects.toThrow('there is no charm')
    const fairness = gates.find(({ kind }) => kind === 'fairness') as Extract<Gate, { kind: 'fairness' }>
    await expect(savePlan({ gates: [{ ...fairness, groupColumns: ['colour'] }] })).rejects.toThrow('no column colour')
    expect((await savePlan()).revision).toBe(1)
  })

  it('takes a refusal of a missing input as sane', async () => {
    const missing = gates.filter(({ kind }) => kind === 'missing-inputs')
    const { record } = await submit('olga', { gates: missing })
    const run = await test(record.id)
    // The server takes no null for a number and says so: that is a sane refusal.
    expect(run.gates[0]).toMatchObject({ outcome: 'passed', measured: { value: 0, n: 6 } })
    expect(run.gates[0].message).toContain('6 refused')
  })
})
