import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gate } from '../../src/contract/release.ts'
import { createAuditLog } from '../../src/service/audit/audit-log.ts'
import { type VerifiedExport, verifyExport } from '../../src/service/export/verify.ts'
import { createAuditHandlers } from '../../src/service/methods/audit.ts'
import { createReleaseHandlers } from '../../src/service/methods/releases.ts'
import { createTestPlanHandlers } from '../../src/service/methods/test-plans.ts'
import { defaultGates } from '../../src/service/releases/default-gates.ts'
import { createReleases } from '../../src/service/releases/releases.ts'
import { createWorld, drawRows, password, schema, type World } from './service-releases-world.ts'

const gates = defaultGates(schema).map(
  (gate): Gate =>
    gate.kind === 'latency' ? { ...gate, requestsPerSecond: 60, durationMs: 1000, quantile: 0.9, limitMs: 1500 } : gate,
)

/** Lives a release until it is in production and watched, and exports it. */
async function makeExport(world: World): Promise<Uint8Array> {
  const { context, collection, manual, store } = world
  const releases = createReleases(context, { collection, actions: manual.actions })
  await releases.start()
  const auditLog = createAuditLog(context)
  const methods = createReleaseHandlers(context, releases)
  const audit = createAuditHandlers(context, auditLog)
  const plan = await createTestPlanHandlers(context)['testPlans.save'](
    {
      id: null,
      revision: null,
      plan: { name: 'Cats <and> dogs', modelId: 'mdl_1', datasetId: 'dat_test', validityDays: 90, gates },
      reason: 'first plan',
    },
    world.as('quinn'),
  )
  const { record } = await methods['releases.submit'](
    {
      modelId: 'mdl_1',
      versionId: 'ver_2',
      testDeploymentId: 'dep_test',
      productionDeploymentId: 'dep_prod',
      planId: plan.record.id,
      reason: '<script>alert(1)</script> =cmd()',
    },
    world.as('olga'),
  )
  const { id } = record
  const revision = async () => (await methods['releases.get']({ id }, world.as('vera'))).release.revision
  const { jobId } = await methods['releases.runTests']({ id, revision: await revision() }, world.as('olga'))
  await context.jobs.ended(jobId)
  await auditLog.signNow()
  const runs = (await methods['releases.get']({ id }, world.as('vera'))).runs
  const signature = { meaning: 'approval' as const, reason: 'all closed', password }
  await methods['releases.certify'](
    { id, revision: await revision(), decision: 'certified', testRunId: runs[0].id, signature },
    world.as('quinn'),
  )
  await auditLog.signNow()
  await methods['releases.approve']({ id, revision: await revision(), signature }, world.as('pat'))
  await methods['releases.release'](
    { id, revision: await revision(), connectionId: 'con_test', reason: 'go' },
    world.as('pat'),
  )
  await manual.end('succeeded')

  const watched = drawRows(300, 5, 1.5)
  const size = watched.columns.get('size')
  const weight = watched.columns.get('weight')
  const gate = watched.columns.get('gate')
  if (size?.type !== 'numeric' || weight?.type !== 'numeric' || gate?.type !== 'categorical') throw new Error('rows')
  const at = context.now() - 3_600_000
  const truth = watched.label
  if (truth?.type !== 'categorical') throw new Error('labels')
  await store.samples.append({
    samples: Array.from({ length: watched.n }, (_, row) => ({
      sample: {
        id: `smp-${row}`,
        deploymentId: 'dep_prod',
        versionId: 'ver_2',
        at: at + row * 1000,
        arrivedAt: at + row * 1000,
        inputs: { size: size.values[row], weight: weight.values[row], gate: gate.categories[gate.codes[row]] },
        prediction: size.values[row] + weight.values[row] > 0 ? 'dog' : 'cat',
        scores: null,
        latencyMs: 5,
        deviceId: null,
        seq: null,
      },
      label: {
        sampleId: `smp-${row}`,
        deploymentId: 'dep_prod',
        label: truth.categories[truth.codes[row]],
        at,
        source: 'import',
      },
    })),
    labels: [],
    telemetry: [],
    deadLetters: [],
    counters: [],
  })

  const begun = await audit['audit.export'](
    { releaseIds: [id], title: 'Cat or dog 2.0 & more', reason: 'yearly audit' },
    world.as('vera'),
  )
  const job = await context.jobs.ended(begun.jobId)
  if (job.result === null) throw new Error(`The export failed: ${job.problem}`)
  const bytes = await store.blobs.get(job.result)
  if (bytes === null) throw new Error('The export is gone')
  releases.close()
  await auditLog.close()
  return bytes
}

describe('an audit export', () => {
  let world: World
  let bytes: Uint8Array
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-export-'))
    world = await createWorld()
    bytes = await makeExport(world)
    await writeFile(process.env.ASSAY_KEEP_EXPORT ?? join(folder, 'whole.assay.zip'), bytes)
  })
  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true })
  })

  async function verify(content: Uint8Array, trustedKeys?: string[]): Promise<VerifiedExport> {
    const path = join(folder, 'x.assay.zip')
    await writeFile(path, content)
    return verifyExport(path, { trustedKeys })
  }
  it('verifies itself, and computes every number again', async () => {
    const verified = await verify(bytes)
    expect(verified.steps.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name)).toEqual(['trust'])
  })
})
