import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Gate } from '../../src/contract/release.ts'
import { type Bench, gates, openBench } from './service-releases-bench.ts'
import { linearModel } from './service-releases-world.ts'

describe('what a release may not do', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await openBench()
  }, 60_000)
  afterEach(() => bench.close())

  it('never lets one person do what two must', async () => {
    const { world, methods, submit, get, test, certify, approve, stateOf } = bench
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
    const { world, submit, test, certify, stateOf, lastEntry } = bench
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
    const { world, plans, methods, submit, get, test, certify } = bench
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
    const { world, submit, get, test, certify, stateOf } = bench
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
    const { world, methods, submit, get } = bench
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
    const { world, methods, submit, get, stateOf } = bench
    const { record, revision } = await submit()
    const { jobId } = await methods['releases.runTests']({ id: record.id, revision }, world.as('olga'))
    await world.stopServer('test')
    await world.context.jobs.ended(jobId)
    const [run] = (await get(record.id)).runs
    expect(run).toMatchObject({ state: 'error', gates: [] })
    expect(run.problem).toMatch(/stopped answering|cannot be asked/)
    expect(await stateOf(record.id)).toBe('draft')
  })

  it('takes only plans that can be run', async () => {
    const { savePlan } = bench
    await expect(savePlan({ gates: [gates[0], { ...gates[1], id: gates[0].id }] })).rejects.toThrow('Several gates')
    await expect(savePlan({ datasetId: 'dat_ref' })).rejects.toThrow('not a test set')
    const odd = { ...gates[0], metric: 'charm' } as Gate
    await expect(savePlan({ gates: [odd] })).rejects.toThrow('there is no charm')
    const fairness = gates.find(({ kind }) => kind === 'fairness') as Extract<Gate, { kind: 'fairness' }>
    await expect(savePlan({ gates: [{ ...fairness, groupColumns: ['colour'] }] })).rejects.toThrow('no column colour')
    expect((await savePlan()).revision).toBe(1)
  })

  it('takes a refusal of a missing input as sane', async () => {
    const { submit, test } = bench
    const missing = gates.filter(({ kind }) => kind === 'missing-inputs')
    const { record } = await submit('olga', { gates: missing })
    const run = await test(record.id)
    // The server takes no null for a number and says so: that is a sane refusal.
    expect(run.gates[0]).toMatchObject({ outcome: 'passed', measured: { value: 0, n: 6 } })
    expect(run.gates[0].message).toContain('6 refused')
  })
})
