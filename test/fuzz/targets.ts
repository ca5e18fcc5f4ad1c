import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { DatasetFault, decodeTable, encodeTable } from '../../src/collect/dataset-codec.ts'
import { decodeJson } from '../../src/collect/decode-json.ts'
import { FileFault, inferColumns, readTabular, toSampleTable } from '../../src/collect/files.ts'
import { createMapper } from '../../src/collect/map-message.ts'
import { compileMapping } from '../../src/collect/mapping/compile-mapping.ts'
import { readyMappings } from '../../src/collect/mapping/ready-mappings.ts'
import type { Route } from '../../src/collect/route.ts'
import { type MappingSpec, mappingSpec } from '../../src/contract/mapping.ts'
import { makeDirectory, timeBounds } from '../support/intake-double.ts'
import { captureSeeds, protocolTargets } from './protocol-targets.ts'
import { replyTargets } from './reply-targets.ts'
import { type FuzzTarget, fuzzNow } from './target.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

/** The documented wire shapes, from bytes to what the store is given. */
function messages(route: Route, seeds: readonly unknown[]): FuzzTarget {
  const map = createMapper({ directory: makeDirectory(), blobBytes: 1000, timeBounds })
  return {
    name: `${route.kind} message`,
    weight: 30,
    seeds: seeds.map(json),
    read(bytes) {
      const decoded = decodeJson(bytes, { maxBytes: 10_000, maxDepth: 32 })
      if (decoded.refusal) {
        assert.notEqual(decoded.refusal.reason, '')
        return false
      }
      const mapped = map({ connectionId: 'con_1', via: 'mqtt', route, arrivedAt: fuzzNow }, decoded.json)
      for (const { reason } of mapped.refused) assert.notEqual(reason, '')
      for (const { sample } of mapped.samples) {
        assert.deepEqual(Object.keys(sample.inputs), ['temperature', 'window', 'frame'])
        const { temperature } = sample.inputs
        assert(temperature === null || Number.isFinite(temperature))
        assert(Number.isSafeInteger(sample.at) && ['empty', 'occupied'].includes(String(sample.prediction)))
      }
      for (const point of mapped.telemetry) assert(Number.isFinite(point.value) && Number.isSafeInteger(point.at))
      for (const label of mapped.labels) assert(['empty', 'occupied'].includes(String(label.label)))
      return mapped.samples.length + mapped.labels.length + mapped.telemetry.length > 0
    },
  }
}

/** A file that a person imports. */
function files(fileName: string, weight: number, seeds: readonly Uint8Array[], every?: number): FuzzTarget {
  return {
    name: fileName,
    weight,
    every,
    seeds,
    async read(bytes) {
      try {
        const table = await readTabular({ bytes, fileName }, null, { timeoutMs: 5000, maxHeapMegabytes: 512 })
        for (const cells of table.cells) assert.equal(cells.length, table.n)
        const { table: columns } = toSampleTable(table, inferColumns(table))
        assert(columns.n <= table.n)
        return table.n > 0
      } catch (error) {
        if (!(error instanceof FileFault)) throw error
        assert.notEqual(error.message, '')
        return false
      }
    },
  }
}

const parquetColumn = <T>(make: (row: number) => T) => Array.from({ length: 300 }, (_, row) => make(row))
const parquetSeeds = (['UNCOMPRESSED', 'SNAPPY'] as const).map(
  (codec) =>
    new Uint8Array(
      parquetWriteBuffer({
        codec,
        columnData: [
          { name: 'x', data: parquetColumn((row) => row / 3), type: 'DOUBLE' },
          { name: 'gap', data: parquetColumn((row) => (row % 7 === 0 ? null : row * 1.5)), type: 'DOUBLE' },
          {
            name: 'kind',
            data: parquetColumn((row) => (row % 5 === 0 ? null : ['cat', 'dog'][row % 2])),
            type: 'STRING',
          },
          { name: 'seq', data: parquetColumn((row) => row), type: 'INT32', encoding: 'DELTA_BINARY_PACKED' },
          { name: 'on', data: parquetColumn((row) => row % 3 === 0), type: 'BOOLEAN' },
        ],
      }),
    ),
)

const dataset: FuzzTarget = {
  name: 'stored dataset',
  weight: 4,
  seeds: [
    encodeTable({
      n: 2,
      columns: new Map([
        ['x', { type: 'numeric', values: Float64Array.of(1.5, Number.NaN) }],
        ['kind', { type: 'categorical', codes: Int32Array.of(0, -1), categories: ['cat'] }],
      ]),
      ids: ['a', 'b'],
      at: Float64Array.of(1, 2),
      prediction: { type: 'categorical', codes: Int32Array.of(1, 0), categories: ['no', 'yes'] },
      label: null,
      scores: new Map([['yes', Float64Array.of(0.1, 0.2)]]),
      latencyMs: null,
    }),
  ],
  read(bytes) {
    try {
      return decodeTable(bytes).n > 0
    } catch (error) {
      if (!(error instanceof DatasetFault)) throw error
      return false
    }
  },
}

const sample = { id: 'a', at: fuzzNow, inputs: { temperature: 1.5, window: 'open' }, prediction: 'empty' }

const readySpec = (id: string) => {
  const ready = readyMappings.find((candidate) => candidate.id === id)
  assert(ready !== undefined)
  return ready.spec
}

/** A mapping as a person writes it, of samples with units, words, optional fields and a list inside the message. */
const path = (expression: string) => ({ kind: 'path', path: expression }) as const
const ownSpec = mappingSpec.parse({
  ...{ name: 'own', topic: 'plant/{line}/results', each: 'batch.rows[?ok != `false`]', makes: 'samples' },
  owner: { kind: 'topic', variable: 'line' },
  fields: [
    { to: 'id', from: path("join('-', [to_string(no), kind])") },
    { to: 'at', from: path('when'), scale: 1000 },
    { to: 'inputs', from: path('@') },
    { to: 'inputs.temperature', from: path('max(heat)'), offset: -273.15 },
    { to: 'prediction', from: path('result'), translate: { 0: 'empty', 1: 'occupied' } },
    { to: 'scores.occupied', from: path('score'), isOptional: true },
    { to: 'seq', from: path('no'), isOptional: true },
  ],
})

/** Payloads of other systems through mappings, from bytes to what the store is given. */
function mapped(id: string, spec: MappingSpec, source: string, seeds: readonly unknown[]): FuzzTarget {
  const mapping = compileMapping(spec)
  const directory = makeDirectory()
  directory.devices.set('Box-A', 'dev_2')
  const map = createMapper({ directory, blobBytes: 1000, timeBounds })
  return {
    name: `mapped: ${id}`,
    weight: 5,
    seeds: seeds.map((seed) => (typeof seed === 'string' ? Buffer.from(seed) : json(seed))),
    read(payload) {
      const limits = { maxBytes: 10_000, maxDepth: 32 }
      const translation = mapping.translate({ source, payload, arrivedAt: fuzzNow, ...limits })
      assert(translation !== null)
      for (const { reason } of translation.refused) assert.notEqual(reason, '')
      let taken = 0
      for (const { route, elements } of translation.parts) {
        const out = map({ connectionId: 'con_1', via: 'mqtt', route, arrivedAt: fuzzNow }, elements)
        for (const refusal of out.refused) assert.notEqual(mapping.explain(refusal).reason, '')
        for (const point of out.telemetry) assert(Number.isFinite(point.value) && Number.isSafeInteger(point.at))
        for (const { sample } of out.samples) {
          assert(Object.values(sample.inputs).every((value) => typeof value !== 'number' || Number.isFinite(value)))
          assert(Number.isSafeInteger(sample.at) && ['empty', 'occupied'].includes(String(sample.prediction)))
        }
        taken += out.telemetry.length + out.samples.length
      }
      return taken > 0
    },
  }
}

export const targets: readonly FuzzTarget[] = [
  mapped('thingsboard-gateway', readySpec('thingsboard-gateway'), 'v1/gateway/telemetry', [
    { 'Box A': [{ ts: fuzzNow, values: { temperature: 1, humidity: '2', text: 'x' } }] },
  ]),
  mapped('home-assistant-state', readySpec('home-assistant-state'), 'homeassistant/sensor/box-1/state', ['21.5', 'on']),
  mapped('aws-iot-shadow', readySpec('aws-iot-shadow'), '$aws/things/box-1/shadow/update/accepted', [
    { state: { reported: { temperature: 20, mode: 'eco' } }, version: 7, timestamp: fuzzNow / 1000 },
  ]),
  mapped('own samples', ownSpec, 'plant/room/results', [
    {
      batch: {
        rows: [
          { no: 7, kind: 'a', when: fuzzNow / 1000, heat: [280, 293.65], window: 'open', result: 1, score: '0.7' },
          { no: 8, kind: 'b', when: fuzzNow / 1000, heat: [280], ok: false },
        ],
      },
    },
  ]),
  messages({ kind: 'samples', key: 'room' }, [
    sample,
    { ...sample, scores: { empty: 1 }, seq: 1, latencyMs: 3, label: 'occupied', device: 'box-1', version: '1.0' },
    [
      sample,
      { id: 'b', at: '2026-05-31T00:00:00Z', inputs: {}, prediction: 'occupied', images: { frame: 'iVBORw0KGgo=' } },
    ],
  ]),
  messages({ kind: 'labels', key: 'room' }, [{ id: 'a', label: 'empty', at: fuzzNow }]),
  messages({ kind: 'telemetry', key: 'box-1' }, [{ at: fuzzNow, seq: 3, values: { t: 1, h: null } }]),
  files('rows.csv', 2, [
    Buffer.from('id;at;temperature;prediction\n"a";2026-05-31T00:00:00Z;1,5;empty\nb;;"2""";occupied\n'),
    Buffer.from('a,b\n1,2\n3,4\n'),
  ]),
  files('rows.jsonl', 2, [
    Buffer.from(`${JSON.stringify(sample)}\n${JSON.stringify({ id: 'b', x: [1], y: { z: 2 } })}\n`),
  ]),
  files('capture.jsonl', 2, captureSeeds),
  // Each is read in a thread of its own.
  files('rows.parquet', 1, parquetSeeds, 4),
  dataset,
  ...protocolTargets,
  ...replyTargets,
]
