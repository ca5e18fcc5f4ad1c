import { describe, expect, it } from 'vitest'
import { describeOnnx } from '../model/onnx-metadata.ts'
import { DEFAULT_STORY } from '../park/story.ts'
import { idOfVisit } from '../park/visitor.ts'
import { labelledFrameOf, visitsBetween } from '../park/visits.ts'
import { trainVersion } from './training-run.ts'

const start = Date.UTC(2026, 9, 1)
const frames = visitsBetween(start, start + 86_400_000, DEFAULT_STORY).map((visit) => ({
  id: idOfVisit(visit),
  ...labelledFrameOf(visit),
}))
const parameters = { epochs: 6, hiddenUnits: 16 }
const run = { run: 'run-1', version: '1.1.0', served: null, parameters }

describe('trainVersion', () => {
  it('makes the same file of the same frames, says where it came from, and judges it on frames kept apart', async () => {
    const first = await trainVersion({ ...run, frames })
    const second = await trainVersion({ ...run, frames, served: first.onnx })
    expect(second.onnx).toEqual(first.onnx)
    expect(describeOnnx(first.onnx).metadata).toMatchObject({ version: '1.1.0', run: 'run-1' })
    const { metricsAtTraining, sourceCommit, parameters: told, trainingDatasetDigest } = second.lineage
    expect(metricsAtTraining.accuracy).toBeGreaterThan(0.7)
    expect(metricsAtTraining.servedAccuracy).toBe(metricsAtTraining.accuracy)
    expect(metricsAtTraining.testFrames).toBe(Math.floor(frames.length / 5))
    expect(sourceCommit).toMatch(/^[0-9a-f]{40}$/)
    expect(told).toMatchObject({ hiddenUnits: 16, epochs: 6, copies: 1, newestFrame: frames.at(-1)?.id })
    expect(trainingDatasetDigest).toBe(first.lineage.trainingDatasetDigest)
    const other = await trainVersion({ ...run, frames: frames.slice(0, -5) })
    expect(other.lineage.trainingDatasetDigest).not.toBe(trainingDatasetDigest)
  }, 60_000)

  it('refuses too few frames', async () => {
    await expect(trainVersion({ ...run, frames: frames.slice(0, 150) })).rejects.toThrow(
      'there are 150 labelled frames',
    )
  })
})
