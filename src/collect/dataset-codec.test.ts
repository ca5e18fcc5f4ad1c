import { describe, expect, it } from 'vitest'
import type { SampleTable } from '../contract/table.ts'
import { DatasetFault, decodeTable, encodeTable } from './dataset-codec.ts'

const table = (): SampleTable => ({
  n: 3,
  columns: new Map([
    ['x', { type: 'numeric', values: Float64Array.of(1.5, Number.NaN, -Infinity) }],
    ['kind', { type: 'categorical', codes: Int32Array.of(0, -1, 1), categories: ['cat', 'dog'] }],
  ]),
  ids: ['a', 'ü', '\ud800'],
  at: Float64Array.of(1, 2, 3),
  prediction: { type: 'categorical', codes: Int32Array.of(1, 0, 1), categories: ['no', 'yes'] },
  label: { type: 'numeric', values: Float64Array.of(0, 1, 2) },
  scores: new Map([['yes', Float64Array.of(0.1, 0.2, 0.3)]]),
  latencyMs: null,
})

describe('the stored form of a dataset', () => {
  it('gives back what was put in', () => expect(decodeTable(encodeTable(table()))).toEqual(table()))

  it('gives back an empty table, and one read from the middle of a buffer', () => {
    const empty: SampleTable = {
      ...table(),
      n: 0,
      columns: new Map(),
      ids: null,
      at: null,
      prediction: null,
      label: null,
      scores: new Map(),
    }
    expect(decodeTable(encodeTable(empty))).toEqual(empty)
    const bytes = encodeTable(table())
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(decodeTable(shifted.subarray(3))).toEqual(table())
  })

  it('has one encoding for one content: order and waste of categories, bits of NaN and the sign of zero do not count', () => {
    const strange = new Float64Array([1.5, 0, -Infinity])
    new BigUint64Array(strange.buffer)[1] = 0x7ff8_0000_0000_beefn
    const other: SampleTable = {
      ...table(),
      columns: new Map([
        ['x', { type: 'numeric', values: strange }],
        ['kind', { type: 'categorical', codes: Int32Array.of(2, -1, 0), categories: ['dog', 'unused', 'cat'] }],
      ]),
      label: { type: 'numeric', values: Float64Array.of(-0, 1, 2) },
    }
    expect(encodeTable(other)).toEqual(encodeTable(table()))
  })

  it('stays as it is: these bytes are referred to by their digest for years', () => {
    const bytes = encodeTable({ ...table(), ids: null, scores: new Map(), at: null, label: null, prediction: null })
    const head =
      '{"n":3,"ids":false,"at":false,"latencyMs":false,"columns":[{"name":"x","type":"numeric"},{"name":"kind","type":"categorical","categories":["cat","dog"]}],"prediction":null,"label":null,"scores":[]}'
    expect(Buffer.from(bytes.subarray(16, 16 + head.length)).toString()).toBe(head)
    const start = Math.ceil((16 + head.length) / 8) * 8
    expect(Buffer.from(bytes.subarray(start)).toString('hex')).toBe(
      '000000000000f83f000000000000f87f000000000000f0ff00000000ffffffff0100000000000000',
    )
  })

  it('survives every cut and every flipped byte: refused, or decoded as something else that is whole', () => {
    const bytes = encodeTable(table())
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeTable(bytes.subarray(0, length))).toThrow(DatasetFault)
    expect(() => decodeTable(Buffer.concat([bytes, Buffer.alloc(8)]))).toThrow(/8 bytes after the end/)
    for (let i = 0; i < bytes.length; i++)
      for (const bit of [1, 128]) {
        const flipped = bytes.slice()
        flipped[i] ^= bit
        try {
          // What decodes is another content, and these are the only bytes of it.
          expect(encodeTable(decodeTable(flipped))).toEqual(flipped)
        } catch (error) {
          if (!(error instanceof DatasetFault)) throw error
        }
      }
  })

  it('allocates nothing for rows that are claimed but not there', () => {
    const head = Buffer.from(
      '{"n":100000000,"ids":false,"at":true,"latencyMs":false,"columns":[],"prediction":null,"label":null,"scores":[]}',
    )
    const bytes = Buffer.alloc(16 + Math.ceil(head.length / 8) * 8)
    bytes.write('ASSAYTB1')
    bytes.writeUInt32LE(head.length, 8)
    head.copy(bytes, 16)
    expect(() => decodeTable(bytes)).toThrow(/ends within the times/)
  })
})
