import { describe, expect, it } from 'vitest'
import { embeddingIn, placeIn, waveOf } from './blob-values.ts'

describe('what a column of files holds', () => {
  it('is a digest, an address or nothing', () => {
    const digest = 'ab'.repeat(32)
    const inputs = { stored: digest, elsewhere: 's3://bucket/1.png', none: null }
    expect(placeIn({ inputs }, 'stored')).toEqual({ digest, reference: null })
    expect(placeIn({ inputs }, 'elsewhere')).toEqual({ digest: null, reference: 's3://bucket/1.png' })
    expect(placeIn({ inputs }, 'none')).toEqual({ digest: null, reference: null })
    expect(placeIn({ inputs }, 'unknown')).toEqual({ digest: null, reference: null })
  })
  it('reads an embedding wherever it lies in memory', () => {
    const bytes = new Uint8Array(9)
    new DataView(bytes.buffer).setFloat32(1, 0.5, true)
    new DataView(bytes.buffer).setFloat32(5, -2, true)
    expect([...embeddingIn(bytes.subarray(1))]).toEqual([0.5, -2])
  })
  it('draws the extremes of each column', () => {
    expect(waveOf(Float32Array.of(1, -1, 0, 0), 2, 10, 1)).toBe('M0.5 0.0V10.5M1.5 5.0V5.5')
    expect(waveOf(new Float32Array(), 10, 10, 0)).toBe('')
  })
})
