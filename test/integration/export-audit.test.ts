import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { knownMeasureChecks } from '../../src/analysis/qualification/known-measures.ts'
import { qualify } from '../../src/analysis/qualification/qualify.ts'
import type { Gate } from '../../src/contract/release.ts'
import { createAuditLog } from '../../src/service/audit/audit-log.ts'
import { writeContainer } from '../../src/service/export/container.ts'
import { readContainer } from '../../src/service/export/read-container.ts'
import { type Manifest, names } from '../../src/service/export/shape.ts'
import { signExport } from '../../src/service/export/sign-export.ts'
import { type VerifiedExport, type VerifyOptions, verifyExport } from '../../src/service/export/verify.ts'
import { createAuditHandlers } from '../../src/service/methods/audit.ts'
import { createQualificationHandlers } from '../../src/service/methods/qualification.ts'
import { createReleaseHandlers } from '../../src/service/methods/releases.ts'
import { createTestPlanHandlers } from '../../src/service/methods/test-plans.ts'
import { type Signer, signerFor } from '../../src/service/proof/signers.ts'
import { defaultGates } from '../../src/service/releases/default-gates.ts'
import { createReleases } from '../../src/service/releases/releases.ts'
import { createWorld, drawRows, password, schema, type World } from './service-releases-world.ts'

const gates = defaultGates(schema).map(
  (gate): Gate =>
    gate.kind === 'latency' ? { ...gate, requestsPerSecond: 60, durationMs: 1000, quantile: 0.9, limitMs: 1500 } : gate,
)

/** Lives a release until it is in production and watched, and exports it. */
async function makeExport(world: World): Promise<Uint8Array> {
  const { context, collection, actions, store } = world
  const releases = createReleases(context, { collection, actions })
  await releases.start()
  const auditLog = createAuditLog(context)
  const methods = createReleaseHandlers(context, releases)
  const audit = createAuditHandlers(context, auditLog)
  const engine = createQualificationHandlers(context, async () => qualify(uninterrupted, knownMeasureChecks()))
  await context.jobs.ended((await engine['qualification.run']({}, world.as('quinn'))).jobId)
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
  const ended = world.nextEnding()
  await methods['releases.release'](
    { id, revision: await revision(), connectionId: 'con_deploy', reason: 'go' },
    world.as('pat'),
  )
  await ended

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
  }, 120_000)
  afterAll(async () => {
    await world.close()
    await rm(folder, { recursive: true })
  })

  async function verify(content: Uint8Array, options: VerifyOptions = {}): Promise<VerifiedExport> {
    const path = join(folder, 'x.assay.zip')
    await writeFile(path, content)
    return verifyExport(path, options)
  }
  const failuresOf = ({ steps }: VerifiedExport) => steps.filter(({ outcome }) => outcome === 'failed')

  it('carries the examination of the engine that counted, and says how it went', async () => {
    const { steps } = await verify(bytes)
    const step = steps.find(({ name }) => name === 'engine qualification')
    expect(step?.message).toMatch(/^engine assay-analysis .* qualified .* UTC: (\d+) of \1 cases$/)
    const html = readContainer(bytes).files.find(({ name }) => name === names.html)
    expect(new TextDecoder().decode(html?.bytes)).toContain(step?.message)
  })

  it('verifies itself, and computes every number again', async () => {
    const told: string[] = []
    const verified = await verify(bytes, { onStep: ({ name }) => told.push(name) })
    expect(verified.isValid).toBe(true)
    expect(verified.manifest).toMatchObject({ title: 'Cat or dog 2.0 & more', exportedBy: { name: 'Vera' } })
    expect(verified.steps.filter(({ outcome }) => outcome !== 'passed').map(({ name }) => name)).toEqual(['trust'])
    expect(told).toEqual(verified.steps.map(({ name }) => name))
    expect(told).toEqual(expect.arrayContaining(['performance', 'fairness', 'worst slices', 'drift', 'latency']))
    const keyId = verified.manifest?.keyId ?? ''
    expect((await verify(bytes, { trustedKeys: [keyId] })).steps).toContainEqual(
      expect.objectContaining({ name: 'trust', outcome: 'passed' }),
    )
    expect((await verify(bytes, { trustedKeys: ['0'.repeat(64)] })).isValid).toBe(false)
  })

  it('finds one flipped byte anywhere, and names the file it is in', async () => {
    const positions = new Set<number>([0, bytes.length - 1])
    const regions = regionsOf(bytes)
    // Every region: its first and last byte, and some between.
    for (const { from, to } of regions)
      for (const share of [0, 0.2, 0.5, 0.8, 1]) positions.add(Math.floor(from + share * (to - 1 - from)))
    expect(positions.size).toBeGreaterThan(300)
    for (const at of positions) {
      const region = regions.find(({ from, to }) => at >= from && at < to)
      const damaged = Buffer.from(bytes)
      damaged[at] ^= 1 << (at % 8)
      const verified = await verify(damaged)
      const failures = failuresOf(verified)
      const isNamed = failures.some(
        ({ files, message }) =>
          (region?.file !== null && files.includes(region?.file ?? '')) ||
          message.includes(region?.file ?? 'end record'),
      )
      if (verified.isValid || !isNamed) expect({ at, region, failures }).toBe('found and named')
    }
  }, 120_000)

  it('finds bytes added, removed, and files added, removed, renamed, swapped', async () => {
    const { files } = readContainer(bytes)
    const changes: Record<string, Uint8Array> = {
      added: writeContainer([...files, { name: 'extra.txt', bytes: Buffer.from('x') }]),
      removed: writeContainer(files.slice(1)),
      renamed: writeContainer(files.map((file, place) => (place === 1 ? { ...file, name: 'other.html' } : file))),
      swapped: writeContainer(
        files.map((file, place) => (place < 2 ? { name: file.name, bytes: files[1 - place].bytes } : file)),
      ),
      longer: Buffer.concat([bytes, Buffer.from([0])]),
      shorter: bytes.subarray(0, bytes.length - 1),
      prefixed: Buffer.concat([Buffer.from([0]), bytes]),
    }
    for (const [what, content] of Object.entries(changes)) {
      const verified = await verify(content)
      if (verified.isValid) expect(what).toBe('found')
    }
  })

  /** The archive with some files changed, signed anew by whoever holds this key: everything but the content holds. */
  async function resigned(change: (name: string, content: Buffer) => Uint8Array | string | null, signer?: Signer) {
    const own = signer ?? (await createAuditLog(world.context).key())
    const { files } = readContainer(bytes)
    const { files: _, ...manifest } = JSON.parse(Buffer.from(files.at(-2)?.bytes ?? []).toString('utf8')) as Manifest
    const left = files.filter(({ name }) => ![names.manifest, names.signature, names.key].includes(name))
    const changed = left.map(({ name, bytes: content }) => {
      const other = change(name, Buffer.from(content))
      return { name, bytes: other === null ? content : Buffer.from(other) }
    })
    return verify(signExport({ files: changed, manifest }, own), { maxUnpackedBytes: 4 * 1024 * 1024 })
  }
  const repack = (content: Buffer, change: (text: string) => string) =>
    gzipSync(Buffer.from(change(gunzipSync(content).toString('utf8'))))
  const failedSteps = (verified: VerifiedExport) => failuresOf(verified).map(({ name }) => name)

  it('is not fooled by who holds the key of the workspace', async () => {
    expect((await resigned(() => null)).isValid).toBe(true)

    const evidence = await resigned((name, content) =>
      name.startsWith('evidence/') ? repack(content, (text) => text.replace('"label":"cat"', '"label":"dog"')) : null,
    )
    expect(failedSteps(evidence)).toEqual(expect.arrayContaining(['evidence', 'performance']))
    expect(failuresOf(evidence)[0].files[0]).toMatch(/^evidence\//)

    const gates = await resigned((name, content) =>
      name === names.records ? content.toString('utf8').replaceAll('"outcome":"passed"', '"outcome":"failed"') : null,
    )
    expect(failedSteps(gates)).toEqual(expect.arrayContaining(['records', 'certificates', 'performance']))

    const analyses = await resigned((name, content) =>
      name === names.analyses
        ? content.toString('utf8').replace(/"jensenShannon":0\.\d+/, '"jensenShannon":0.01')
        : null,
    )
    expect(failedSteps(analyses)).toContain('drift')
    expect(failedSteps(analyses)).not.toContain('performance')

    const report = await resigned((name, content) =>
      name === names.html ? content.toString('utf8').replace('certified', 'perfect') : null,
    )
    expect(failedSteps(report)).toEqual(['report'])

    const entries = await resigned((name, content) =>
      name === names.entries ? content.toString('utf8').replace('all closed', 'all opened') : null,
    )
    expect(failedSteps(entries)).toContain('log entries')

    const plan = await resigned((name, content) =>
      name.startsWith('plans/') ? content.toString('utf8').replace('"limit":0.8', '"limit":0.1') : null,
    )
    expect(failedSteps(plan)).toEqual(expect.arrayContaining(['certificates', 'test plans']))

    const key = await resigned((name) => (name === 'keys/usr_00003.pem' ? stranger().publicKeyPem : null))
    expect(failedSteps(key)).toContain('certificates')
  })

  it('is not fooled by a stranger who signs everything anew', async () => {
    const verified = await resigned(() => null, stranger())
    expect(failedSteps(verified)).toContain('log checkpoints')
    expect(failuresOf(verified)[0].message).toContain('does not know the key')
  })

  it('answers hostile files like any other', async () => {
    const bomb = await resigned((name) =>
      name.startsWith('datasets/') ? gzipSync(Buffer.alloc(64 * 1024 * 1024)) : null,
    )
    expect(failuresOf(bomb).some(({ message }) => message.includes('cannot be unpacked'))).toBe(true)
    for (const content of [
      new Uint8Array(0),
      Buffer.from('not a zip at all'),
      Buffer.alloc(100_000, 0x50),
      Buffer.concat([bytes.subarray(0, 40_000), Buffer.alloc(40_000)]),
      bytes.subarray(0, bytes.length >> 1),
    ]) {
      const verified = await verify(content)
      expect(verified.isValid).toBe(false)
      expect(verified.manifest).toBeNull()
    }
    expect((await verifyExport(join(folder, 'absent.assay.zip'))).steps[0].message).toContain('cannot be read')
    expect((await verifyExport(folder)).isValid).toBe(false)
  })

  it('escapes what people wrote, in HTML and in tables', () => {
    const { files } = readContainer(bytes)
    const text = (name: string) => Buffer.from(files.find((file) => file.name === name)?.bytes ?? []).toString('utf8')
    const html = text(names.html)
    expect(html).not.toMatch(/<script|<b>|href=|src=/)
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('Cats &lt;and&gt; dogs')
    expect(text(names.log)).not.toMatch(/(^|,)[=+@]/m)
    expect(
      Buffer.from(files.find(({ name }) => name === names.pdf)?.bytes ?? [])
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-')
  })

  it('holds certificates that OpenSSL verifies as the README says', async () => {
    const { files } = readContainer(bytes)
    const certificate = files.find(({ name }) => name.endsWith('.dsse.json') && name.startsWith('certificates/'))
    const { payload, payloadType, signatures } = JSON.parse(Buffer.from(certificate?.bytes ?? []).toString('utf8'))
    const body = Buffer.from(payload, 'base64')
    const pae = Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body])
    await writeFile(join(folder, 'pae.bin'), pae)
    await writeFile(join(folder, 'sig.bin'), Buffer.from(signatures[0].sig, 'base64'))
    await writeFile(join(folder, 'key.pem'), files.find(({ name }) => name === 'keys/usr_00003.pem')?.bytes ?? '')
    const args = [
      'pkeyutl',
      '-verify',
      '-pubin',
      '-inkey',
      'key.pem',
      '-rawin',
      '-in',
      'pae.bin',
      '-sigfile',
      'sig.bin',
    ]
    const run = () => spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
    const first = run()
    if (first.error) return console.warn('OpenSSL is not here: its check of the certificate is skipped')
    expect(first.stdout).toContain('Verified Successfully')
    pae[pae.length - 1] ^= 1
    await writeFile(join(folder, 'pae.bin'), pae)
    expect(run().status).not.toBe(0)
  })
})

const stranger = () => signerFor(generateKeyPairSync('ed25519').privateKey)

/** Which file every part of an archive belongs to: its header, its content, its line in the directory; null for the end record. */
function regionsOf(archive: Uint8Array): { from: number; to: number; file: string | null }[] {
  const { files } = readContainer(archive)
  const regions: { from: number; to: number; file: string | null }[] = []
  let at = 0
  const add = (length: number, file: string | null) => {
    if (length > 0) regions.push({ from: at, to: at + length, file })
    at += length
  }
  for (const { name, bytes } of files) {
    add(30, name)
    add(name.length, name)
    add(bytes.length, name)
  }
  for (const { name } of files) {
    add(46, name)
    add(name.length, name)
  }
  add(22, null)
  if (at !== archive.length) throw new Error('The regions do not cover the archive')
  return regions
}
