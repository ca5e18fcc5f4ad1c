import type { MeasureOf } from '../../contract/blob.ts'
import { fft } from '../../stats/fft.ts'

/** A decoded recording: one array a channel, full scale at 1. */
export interface Recording {
  readonly sampleRate: number
  readonly channels: readonly Float32Array[]
  /** The largest value that the encoding can hold: from there on a sample is clipped. */
  readonly fullScale: number
}

/** Digital silence has no level; this stands for it and for everything below. */
export const silenceDb = -120

const frameSize = 1024
/** Of longer recordings so many frames, evenly spaced, make the spectrum. */
const mostFrames = 2000
const decibel = (amplitude: number) => (amplitude <= 0 ? silenceDb : Math.max(silenceDb, 20 * Math.log10(amplitude)))

/**
 * Numbers that describe a recording without knowing what is heard.
 *
 * - `seconds`: samples of a channel / sample rate.
 * - `level`: 20 log10 of the root mean square of all samples of all channels, dB relative to a full-scale square wave (so that a
 *   full-scale sine has -3.01); silence is -120.
 * - `peak`: 20 log10 of the largest magnitude, in the same unit.
 * - `clippedShare`: share of samples at or beyond the largest value that the encoding can hold.
 * - `centroid`: spectral centroid, Hz: the mean frequency weighted by magnitude, over Hann-windowed frames of 1024 samples of the
 *   mean of the channels, frames pooled so that silent ones do not count; a recording shorter than a frame is padded with
 *   silence. Null for silence. (Peeters 2004, "A large set of audio features for sound description".)
 * - `sampleRate`: Hz.
 *
 * An empty recording has level and peak of silence, no clipping and no centroid. O(n log 1024).
 */
export function describeAudio({
  sampleRate,
  channels,
  fullScale,
}: Recording): Record<MeasureOf<'audio'>, number | null> {
  const length = channels[0]?.length ?? 0
  const n = length * channels.length
  let [squares, peak, clipped] = [0, 0, 0]
  for (const samples of channels)
    for (const value of samples) {
      const magnitude = Math.abs(value)
      squares += value * value
      if (magnitude > peak) peak = magnitude
      if (magnitude >= fullScale) clipped++
    }
  return {
    seconds: length / sampleRate,
    level: decibel(n === 0 ? 0 : Math.sqrt(squares / n)),
    peak: decibel(peak),
    clippedShare: n === 0 ? 0 : clipped / n,
    centroid: length === 0 ? null : centroidOf(channels, length, sampleRate),
    sampleRate,
  }
}

function centroidOf(channels: readonly Float32Array[], length: number, sampleRate: number): number | null {
  const frames = Math.max(1, Math.floor(length / frameSize))
  const used = Math.min(frames, mostFrames)
  const real = new Float64Array(frameSize)
  const imaginary = new Float64Array(frameSize)
  let [weighted, total] = [0, 0]
  for (let frame = 0; frame < used; frame++) {
    const from = Math.floor((frame * frames) / used) * frameSize
    for (let i = 0; i < frameSize; i++) {
      let value = 0
      if (from + i < length) for (const samples of channels) value += samples[from + i]
      real[i] = (value / channels.length) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / frameSize))
    }
    imaginary.fill(0)
    fft(real, imaginary)
    for (let bin = 0; bin <= frameSize / 2; bin++) {
      const magnitude = Math.hypot(real[bin], imaginary[bin])
      weighted += magnitude * bin
      total += magnitude
    }
  }
  return total === 0 ? null : ((weighted / total) * sampleRate) / frameSize
}
