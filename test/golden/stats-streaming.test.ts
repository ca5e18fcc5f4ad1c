import { describe, expect, it } from 'vitest'
import { type AdwinOptions, adwinMean, createAdwin, updateAdwin } from '../../src/stats/adwin.ts'
import { createDdm, updateDdm } from '../../src/stats/ddm.ts'
import { createKswin, updateKswin } from '../../src/stats/kswin.ts'
import { createPageHinkley, updatePageHinkley } from '../../src/stats/page-hinkley.ts'
import { createRandom } from '../../src/stats/random.ts'
import { isSharedPresent, readColumns, readJson, relativeError } from './shared.ts'

type Detector = {
  n: number
  drift_indices: number[]
  warning_start_indices?: number[]
  checkpoints_index_width_mean_variance?: [number, number, number, number][]
}
type Streaming = Record<'synth_bernoulli' | 'synth_gauss', Record<string, Detector & number[]>>

const present = isSharedPresent()

describe.skipIf(!present)('streaming detectors', () => {
  if (!present) return
  const golden = readJson<Streaming>('golden/streaming.json')
  const streams = {
    synth_bernoulli: Float64Array.from(readColumns('data/streams/stream_synth_bernoulli.csv').bernoulli, Number),
    synth_gauss: Float64Array.from(readColumns('data/streams/stream_synth_gauss.csv').gauss, Number),
  }
  const names = ['synth_bernoulli', 'synth_gauss'] as const
  const indicesWhere = (stream: Float64Array, n: number, alarms: (value: number) => boolean) =>
    [...stream.subarray(0, n).keys()].filter((i) => alarms(stream[i]))

  const adwins: [string, AdwinOptions][] = [
    ['ADWIN delta=0.002 (default)', {}],
    ['ADWIN delta=0.05 clock=1', { delta: 0.05, clock: 1 }],
  ]
  describe.each(names)('%s', (name) => {
    it.each(adwins)('%s', (key, options) => {
      const want = golden[name][key]
      const adwin = createAdwin(options)
      expect(indicesWhere(streams[name], want.n, (value) => updateAdwin(adwin, value))).toEqual(want.drift_indices)
    })

    it('ADWIN window, mean and centred square sum every 1,000 values', () => {
      const checkpoints = golden[name]['ADWIN delta=0.002 (default)'].checkpoints_index_width_mean_variance ?? []
      const adwin = createAdwin()
      let next = 0
      for (const [index, width, mean, squares] of checkpoints) {
        for (; next <= index; next++) updateAdwin(adwin, streams[name][next])
        expect(adwin.width).toBe(width)
        expect(relativeError(adwinMean(adwin), mean)).toBeLessThan(1e-9)
        expect(relativeError(adwin.squares, squares)).toBeLessThan(1e-9)
      }
      expect(checkpoints.length).toBeGreaterThan(7)
    })

    it.each([
      ['PageHinkley default (min 30, delta .005, threshold 50, alpha .9999, both)', {}],
      ['PageHinkley threshold=20 delta=.01 mode=up', { threshold: 20, delta: 0.01, mode: 'up' as const }],
    ])('%s', (key, options) => {
      const want = golden[name][key]
      const test = createPageHinkley(options)
      expect(indicesWhere(streams[name], want.n, (value) => updatePageHinkley(test, value))).toEqual(want.drift_indices)
    })
  })

  it('DDM default (warm_start 30, 2, 3): drifts and starts of warnings', () => {
    const want = golden.synth_bernoulli['DDM default (warm_start 30, 2, 3)']
    const ddm = createDdm()
    const states = Array.from(streams.synth_bernoulli.subarray(0, want.n), (error) => updateDdm(ddm, error))
    const starts = (state: string) => [...states.keys()].filter((i) => states[i] === state && states[i - 1] !== state)
    expect(starts('drift')).toEqual(want.drift_indices)
    expect(starts('warning')).toEqual(want.warning_start_indices)
  })

  // The draw inside KSWIN is random, so that only counts and places near the true changes (2,000 and 6,000) compare.
  it('KSWIN alpha=0.0001 window 300: counts over seeds 0..9 and the true change points', () => {
    const want = golden.synth_gauss['KSWIN alpha=0.0001 window 300: detection counts over seeds 0..9 (first 8000)']
    let seenChange = 0
    for (let seed = 0; seed < 10; seed++) {
      const kswin = createKswin(createRandom(seed), { alpha: 0.0001, windowSize: 300 })
      const found = indicesWhere(streams.synth_gauss, 8000, (value) => updateKswin(kswin, value))
      expect(found.length).toBeGreaterThanOrEqual(Math.min(...want))
      expect(found.length).toBeLessThanOrEqual(Math.max(...want) + 1)
      if (found.some((i) => i >= 6000 && i < 6200)) seenChange++
    }
    // A false alarm shortly before may empty the window and hide the change; most draws see it.
    expect(seenChange).toBeGreaterThanOrEqual(8)
  })
})
