import { describe, expect, it } from 'vitest'
import type { IncomingSample, IntakeBatch } from '../../../contract/intake.ts'
import type { Sample } from '../../../contract/sample.ts'
import { packBatch, unpackBatch } from './batch-codec.ts'

const plain: Sample = {
  ...{ id: 'a', deploymentId: 'dep_1', versionId: 'ver_1', at: 1_795_000_000_000, arrivedAt: 1_795_000_000_001 },
  ...{ inputs: { x: 1.5, colour: 'red' }, prediction: 'cat', scores: { cat: 0.9, dog: 0.1 } },
  ...{ latencyMs: 3.25, deviceId: 'dev_1', seq: 7 },
}
const incoming = (more: Partial<Sample>, label: IncomingSample['label'] = null): IncomingSample => ({
  sample: { ...plain, ...more },
  label,
})
const batchOf = (samples: IncomingSample[], more: Partial<IntakeBatch> = {}): IntakeBatch => ({
  ...{ samples, labels: [], telemetry: [], deadLetters: [], counters: [] },
  ...more,
})
/** As it arrives in the other thread. */
const carried = (batch: IntakeBatch) => {
  const packed = packBatch(batch)
  return packed === null ? null : unpackBatch(structuredClone(packed))
}

describe('a batch on its way to another thread', () => {
  it('arrives as it was, whatever its samples hold', () => {
    const label = (sampleId: string, value: string | number) => ({
      ...{ sampleId, deploymentId: 'dep_1', label: value, at: 1_795_000_000_002, source: 'mqtt' },
    })
    const batch = batchOf(
      [
        incoming({}),
        incoming({ id: 'näïve 🐕\n', inputs: { x: null, colour: '' }, latencyMs: null, deviceId: null, seq: null }),
        incoming({ id: 'c', inputs: { x: -0.5, colour: true } }, label('c', 'dog')),
        incoming({ id: 'd', inputs: { x: Number.NaN, colour: 'red' }, latencyMs: 0, seq: 0 }),
        incoming({ id: 'e', deploymentId: 'dep_2', inputs: { z: 1 }, prediction: 41.5, scores: null }),
        incoming({ id: 'f', prediction: -1, scores: {} }, label('f', -2)),
        incoming({ id: 'g', inputs: {} }),
        incoming({ id: 'h', inputs: { colour: 'blue', x: 2 } }),
      ],
      {
        telemetry: [{ deviceId: 'dev_1', channel: 'temperature', at: 5, value: -40.25 }],
        labels: [label('z', 'cat')],
        halves: [{ status: 'joined', key: 'k' }],
        counters: [{ connectionId: 'con_1', received: 9, refused: 0, lastAt: 3, lagMs: null }],
      },
    )
    expect(carried(batch)).toEqual(batch)
    // The order of columns decides how a row is kept.
    expect(Object.keys(carried(batch)?.samples[7].sample.inputs ?? {})).toEqual(['colour', 'x'])
  })

  it('holds no more than it must when empty', () => {
    expect(carried(batchOf([]))).toEqual(batchOf([]))
  })

  it('is left to be cloned where packing would change it', () => {
    const foreign = { sampleId: 'other', deploymentId: 'dep_1', label: 'cat', at: 1, source: 'mqtt' }
    expect(packBatch(batchOf([incoming({}, foreign)]))).toBeNull()
    const odd = JSON.parse('{"__proto__": 1}') as Record<string, number>
    expect(packBatch(batchOf([incoming({ inputs: odd })]))).toBeNull()
  })
})
