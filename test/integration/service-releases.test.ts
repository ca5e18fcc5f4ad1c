import { createPublicKey, verify } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Gate, TestRun } from '../../src/contract/release.ts'
import { openApproval } from '../../src/service/releases/certificate.ts'
import { decodeEvidence } from '../../src/service/releases/evidence/decode.ts'
import { judgeGates } from '../../src/service/releases/judge/judge-gates.ts'
import { type Bench, gates, openBench } from './service-releases-bench.ts'

describe('a release on its way to production', () => {
  let bench: Bench
  beforeEach(async () => {
    bench = await openBench()
  }, 60_000)
  afterEach(() => bench.close())

  it('goes all the way on real endpoints, and back', async () => {
    const { world, submit, get, test, certify, approve, order, stateOf } = bench
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
    const { world, submit, get, test, certify, approve, lastEntry } = bench
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
    const { world, submit, test } = bench
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

  it('can be cancelled, withdrawn under way, and is marked when the console stopped', async () => {
    const { world, releases, methods, submit, get } = bench
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
    const { world, submit, get, test, certify, approve, send, stateOf } = bench
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
    const { world, submit, get, test, certify, approve, send } = bench
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
    const { submission, world, methods, submit, get, test, certify, approve, send, stateOf } = bench
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
})
