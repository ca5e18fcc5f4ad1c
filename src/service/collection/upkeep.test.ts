import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import { createRecordingLog } from '../../../test/support/rpc.ts'
import { openTestStore, type TestStore } from '../../../test/support/test-store.ts'
import type { Deployment, Version } from '../../contract/model.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { Put } from '../../store/store.ts'
import { draftOf } from '../session/commit.ts'
import { createUpkeep } from './upkeep.ts'

const day = 86_400_000
const now = Date.UTC(2026, 5, 1)

const model: Put = {
  kind: 'model',
  revision: null,
  record: { id: 'mdl_1', key: 'm', name: 'M', description: '', task: 'binary', createdAt: 0 },
}
const lineage: Version['lineage'] = {
  ...{ sourceRepository: null, sourceCommit: null, pipelineRun: null, parameters: {}, metricsAtTraining: {} },
  ...{ trainingDatasetDigest: null, testDatasetDigest: null, referenceDatasetDigest: null },
}
const version: Put = {
  kind: 'version',
  revision: null,
  record: {
    ...{ id: 'ver_1', modelId: 'mdl_1', name: '1', artifacts: [], lineage, referenceDatasetId: null, createdAt: 0 },
    schema: {
      ...{ task: 'binary', classes: ['a', 'b'], positiveClass: null },
      columns: [{ name: 't', type: 'numeric', role: 'input', isGroup: false, isRequired: true }],
    },
  },
}
const device = (id: string): Put => ({
  kind: 'device',
  revision: null,
  record: { id, key: id, name: id, site: '', firmware: null, tags: [], channels: [], createdAt: 0 },
})
const deployment = (retention: Deployment['retention']): Put => ({
  kind: 'deployment',
  revision: null,
  record: {
    ...{ id: 'dep_1', key: 'd', name: 'D', modelId: 'mdl_1', versionId: 'ver_1', environment: 'production' },
    ...{ endpointId: null, deviceId: 'dev_1', labelDelayMs: 0, history: [], createdAt: 0, retention },
  },
})

describe('upkeep', () => {
  let opened: TestStore
  beforeEach(async () => {
    opened = await openTestStore()
  })
  afterEach(() => opened.dispose())

  const sample = (index: number, at: number) => ({
    label: null,
    sample: {
      ...{ id: `s${index}`, deploymentId: 'dep_1', versionId: 'ver_1', at, arrivedAt: now, inputs: { t: index } },
      ...{ prediction: 'a', scores: null, latencyMs: null, deviceId: null, seq: null },
    },
  })
  const point = (deviceId: string, days: number) => ({ deviceId, channel: 't', at: now - days * day, value: 1 })

  it('seals what is no longer young, and removes and records what retention does not keep', async () => {
    const { store } = opened
    const retention = { rawDays: 30, maxSamples: null, profileDays: 500 }
    const puts = [model, version, device('dev_1'), device('dev_2'), deployment(retention)]
    await store.records.commit(puts, draftOf(systemCaller, now, { action: 'test' }))
    const young = Array.from({ length: 1500 }, (_, index) => sample(index, now - 30_000))
    const older = Array.from({ length: 1500 }, (_, index) => sample(2000 + index, now - day))
    const expired = Array.from({ length: 5 }, (_, index) => sample(9000 + index, now - 40 * day))
    await store.samples.append({
      ...{ samples: [...young, ...older, ...expired], labels: [], deadLetters: [], counters: [] },
      telemetry: [1, 400, 600].flatMap((days) => [point('dev_1', days), point('dev_2', days)]),
    })
    const seals: number[] = []
    const log = createRecordingLog()
    const upkeep = createUpkeep({
      store: {
        ...store,
        samples: {
          ...store.samples,
          async seal(options) {
            const moved = await store.samples.seal(options)
            seals.push(moved)
            return moved
          },
        },
      },
      now: () => now,
      blobQuota: () => 1e9,
      log,
      intervals: { sealMs: 5, busySealMs: 1, retainMs: 10 },
    })
    upkeep.start()
    await eventually(async () => {
      expect(seals.length).toBeGreaterThan(2)
      expect((await opened.auditEntries()).map(({ action }) => action)).toContain('system.retention')
    })
    upkeep.stop()
    expect(Math.max(...seals)).toBeGreaterThanOrEqual(1500)
    // The young ones stay hot however often it looks.
    expect(seals.reduce((sum, moved) => sum + moved, 0)).toBeLessThanOrEqual(1505)
    const entries = (await opened.auditEntries()).filter(({ action }) => action === 'system.retention')
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({
      actor: { id: null, name: 'Assay' },
      details: {
        samples: [{ deploymentId: 'dep_1', samples: 5 }],
        // The first device feeds a deployment whose profiles are kept for 500 days.
        telemetry: [
          { deviceId: 'dev_1', points: 1, before: now - 500 * day },
          { deviceId: 'dev_2', points: 2, before: now - 365 * day },
        ],
      },
    })
    expect((await store.facts()).samples).toBe(3000)
    expect(log.lines).toEqual([])
  })

  it('removes findings and reports for as long as the settings say, and records how many', async () => {
    const { store } = opened
    const target = { type: 'device', id: 'dev_1' } as const
    const settings: Put = {
      kind: 'settings',
      revision: null,
      record: {
        ...{ id: 'set_workspace', name: 'W', isDemo: false, logOrigin: 'o', createdAt: 0 },
        defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
        notifications: { desktop: true, webhookIds: [] },
        timeBounds: { maxFutureMs: 1, maxPastMs: 1 },
        retention: { findingDays: 100, reportDays: 50, telemetryDays: 30 },
      },
    }
    await store.records.commit([settings, device('dev_1')], draftOf(systemCaller, now, { action: 'test' }))
    const add = (days: number) => {
      const at = now - days * day
      const window = { from: at - day, to: at }
      const detail = { kind: 'device' as const, channels: [], lastSeenAt: null }
      const headline = { status: 'ok' as const, text: 't' }
      const common = { kind: 'device' as const, target, window, engine: '1' }
      const report = { ...common, reference: null, parameters: {}, headline, findings: [], detail }
      return store.findings.add({ id: `rep_${days}`, at, monitorId: null, durationMs: 1, report }, [
        {
          ...{ ...common, id: `fnd_${days}`, monitorId: null, at, subject: { metric: 'gaps' }, value: 0, unit: '' },
          ...{ n: 1, interval: null, status: 'ok', limit: null, evidence: null, message: 'm' },
        },
      ])
    }
    for (const days of [200, 150, 80, 10]) await add(days)
    await store.samples.append({
      ...{ samples: [], labels: [], deadLetters: [], counters: [], telemetry: [point('dev_1', 40), point('dev_1', 1)] },
    })
    const log = createRecordingLog()
    const upkeep = createUpkeep({ store, now: () => now, log, blobQuota: () => 1e9, intervals: { retainMs: 10 } })
    upkeep.start()
    const entries = async () => (await opened.auditEntries()).filter(({ action }) => action === 'system.retention')
    await eventually(async () => expect(await entries()).toHaveLength(1))
    upkeep.stop()
    expect((await entries())[0].details).toMatchObject({
      telemetry: [{ deviceId: 'dev_1', points: 1, before: now - 30 * day }],
      findings: { findings: 2, reports: 2, details: 1, findingsBefore: now - 100 * day, reportsBefore: now - 50 * day },
    })
    expect(await store.findings.get('fnd_150')).toBeNull()
    expect(await store.findings.get('fnd_80')).not.toBeNull()
    expect(await store.findings.report('rep_80')).toBeNull()
    expect(await store.findings.report('rep_10')).not.toBeNull()
    expect(log.lines).toEqual([])
  })

  it('logs a failure and tries again', async () => {
    const log = createRecordingLog()
    const { store } = opened
    const samples = { ...store.samples, seal: () => Promise.reject(new Error('the disk is full')) }
    const upkeep = createUpkeep({ store: { ...store, samples }, now: () => now, log, blobQuota: () => 1e9 })
    upkeep.start()
    await eventually(() => expect(log.lines).toHaveLength(1))
    upkeep.stop()
    expect(log.lines[0]).toMatchObject({ level: 'error', message: expect.stringMatching(/tried again/) })
  })
})
