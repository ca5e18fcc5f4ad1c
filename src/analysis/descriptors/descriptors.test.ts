import { describe, expect, it } from 'vitest'
import { describeAudio } from './audio.ts'
import { describeEmbedding } from './embedding.ts'
import { describeImage, type Pixels } from './image.ts'
import { describeText } from './text.ts'

const grey = (width: number, height: number, data: number[]): Pixels => ({ width, height, channels: 1, data })

describe('pictures', () => {
  it('measures grey pixels by hand', () => {
    // One bright pixel of 90 in the middle of 3 x 3: mean 10, squares 8100 / 9 = 900, so variance 800; one inner Laplacian alone.
    const { brightness, contrast, sharpness, hue, saturation } = describeImage(grey(3, 3, [0, 0, 0, 0, 90, 0, 0, 0, 0]))
    expect(brightness).toBeCloseTo(10, 12)
    expect(contrast).toBeCloseTo(Math.sqrt(800), 10)
    expect(sharpness).toBeCloseTo(0, 8)
    expect([hue, saturation]).toEqual([null, 0])
  })
  it('measures sharpness as the variance of the Laplacian', () => {
    // Inner pixels of 4 x 3: Laplacians -4 * 10 = -40 and + 10: mean -15, variance (25^2 + 25^2) / 2 = 625.
    const image = grey(4, 3, [0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0])
    expect(describeImage(image).sharpness).toBeCloseTo(625, 10)
  })
  it('has no sharpness without inner pixels', () => {
    expect(describeImage(grey(1, 1, [7]))).toMatchObject({ brightness: 7, contrast: 0, sharpness: null, width: 1 })
    expect(describeImage(grey(2, 5, Array(10).fill(1))).sharpness).toBeNull()
  })
  it('weighs luma by channel', () => {
    const pixel = (...data: number[]) => describeImage({ width: 1, height: 1, channels: 3, data })
    expect(pixel(100, 0, 0).brightness).toBeCloseTo(29.9, 10)
    expect(pixel(0, 100, 0).brightness).toBeCloseTo(58.7, 10)
    expect(pixel(0, 0, 100).brightness).toBeCloseTo(11.4, 10)
  })
  it.each([
    ['red', [255, 0, 0], 0],
    ['green', [0, 255, 0], 120],
    ['blue', [0, 0, 255], -120],
    ['yellow', [90, 90, 0], 60],
  ])('finds the hue of %s', (_, data, hue) => {
    const found = describeImage({ width: 1, height: 1, channels: 3, data })
    expect(found.hue).toBeCloseTo(hue, 10)
    expect(found.saturation).toBeCloseTo(1, 10)
  })
  it('averages hues around the circle', () => {
    // 30 degrees on either side of red; on a line their mean would be cyan.
    const data = [200, 100, 0, 200, 0, 100]
    expect(describeImage({ width: 2, height: 1, channels: 3, data }).hue).toBeCloseTo(0, 10)
  })
  it('has no hue where colours cancel out', () => {
    const data = [200, 0, 0, 0, 200, 200]
    expect(describeImage({ width: 2, height: 1, channels: 3, data }).hue).toBeNull()
  })
  it('leaves alpha out', () => {
    const opaque = describeImage({ width: 1, height: 2, channels: 3, data: [9, 8, 7, 1, 2, 3] })
    expect(describeImage({ width: 1, height: 2, channels: 4, data: [9, 8, 7, 0, 1, 2, 3, 255] })).toEqual(opaque)
    expect(describeImage({ width: 1, height: 2, channels: 2, data: [9, 0, 1, 255] }).brightness).toBeCloseTo(5, 12)
  })
})

describe('texts', () => {
  const plain = { vocabulary: null, scripts: null }
  it('counts characters, words and scripts', () => {
    expect(describeText('It’s a Fox-terrier, 2 of 3 😀', plain)).toEqual({
      ...{ characters: 28, words: 6, unknownShare: null, script: 'Latin', mixedShare: 0, foreignShare: null },
    })
  })
  it('finds words out of vocabulary', () => {
    const vocabulary = new Set(['the', 'dog'])
    expect(describeText('The dog, the XYZ dog!', { vocabulary, scripts: null }).unknownShare).toBeCloseTo(1 / 5, 12)
  })
  it('tells scripts apart', () => {
    const { script, mixedShare, foreignShare } = describeText('кот cat', { vocabulary: null, scripts: ['Latin'] })
    // Three letters each: the first of equals is Latin.
    expect([script, mixedShare, foreignShare]).toEqual(['Latin', 0.5, 0.5])
    expect(describeText('猫とねこ', plain)).toMatchObject({ script: 'Kana', mixedShare: 0.25 })
    expect(describeText('ጤና', plain).script).toBe('other')
  })
  it('has no shares of nothing', () => {
    const scripts = ['Latin' as const]
    expect(describeText('', { vocabulary: new Set(['a']), scripts })).toEqual({
      ...{ characters: 0, words: 0, unknownShare: null, script: 'none', mixedShare: null, foreignShare: null },
    })
  })
})

describe('recordings', () => {
  const sine = (hertz: number, amplitude: number, n: number, sampleRate = 8192) =>
    Float32Array.from({ length: n }, (_, t) => amplitude * Math.sin((2 * Math.PI * hertz * t) / sampleRate))

  it('measures a sine', () => {
    const found = describeAudio({ sampleRate: 8192, channels: [sine(1024, 0.5, 8192)], fullScale: 1 })
    // Root mean square 0.5 / sqrt 2: -9.03 dB.
    expect(found.level).toBeCloseTo(20 * Math.log10(0.5 / Math.SQRT2), 4)
    expect(found.peak).toBeCloseTo(20 * Math.log10(0.5), 4)
    expect(found.centroid).toBeCloseTo(1024, 0)
    expect(found).toMatchObject({ seconds: 1, clippedShare: 0, sampleRate: 8192 })
  })
  it('finds the centroid of two tones between them', () => {
    const both = sine(512, 0.3, 4096).map((value, t) => value + 0.3 * Math.sin((2 * Math.PI * 2048 * t) / 8192))
    expect(describeAudio({ sampleRate: 8192, channels: [both], fullScale: 1 }).centroid).toBeCloseTo(1280, 0)
  })
  it('counts clipped samples of all channels', () => {
    const channels = [Float32Array.of(1, -1, 0.2, 0), Float32Array.of(0, 0, 0, 0.99)]
    const found = describeAudio({ sampleRate: 4, channels, fullScale: 1 })
    expect(found.clippedShare).toBeCloseTo(2 / 8, 12)
    expect(found.peak).toBe(0)
  })
  it('gives silence a floor and no centroid', () => {
    const found = describeAudio({ sampleRate: 100, channels: [new Float32Array(50)], fullScale: 1 })
    expect(found).toEqual({ seconds: 0.5, level: -120, peak: -120, clippedShare: 0, centroid: null, sampleRate: 100 })
    const empty = describeAudio({ sampleRate: 100, channels: [new Float32Array()], fullScale: 1 })
    expect(empty).toMatchObject({ seconds: 0, level: -120, clippedShare: 0, centroid: null })
  })
})

describe('embeddings', () => {
  it('measures length and angle', () => {
    expect(describeEmbedding([3, 4], [0, 2])).toEqual({ norm: 5, distance: 1 - 0.8 })
    expect(describeEmbedding([3, 4], null)).toEqual({ norm: 5, distance: null })
    expect(describeEmbedding([0, 0], [1, 1])).toEqual({ norm: 0, distance: null })
    expect(describeEmbedding([1], [1, 1]).distance).toBeNull()
  })
})
