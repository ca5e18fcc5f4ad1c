import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { drawFrame, FRAME_VALUES } from '../park/frame.ts'
import { DEFAULT_STORY } from '../park/story.ts'
import { labelledFrameOf, visitsBetween } from '../park/visits.ts'
import { PIXEL_SCALE } from './image-features.ts'
import { type Network, predictProbabilities } from './network.ts'
import { writeMlpClassifier } from './onnx-writer.ts'
import { DEFAULT_TRAINING, type LabelledFrame, type TrainingProgress, trainClassifier } from './train.ts'

const frames = (count: number, seed: number): LabelledFrame[] =>
  Array.from({ length: count }, (_, index) => {
    const label = index % 2
    const { pixels } = drawFrame({
      species: label === 0 ? 'cat' : 'dog',
      breed: label === 0 ? 'persian' : 'rottweiler',
      light: 1,
      tiltDegrees: 0,
      noise: 0.3,
      seed: seed + index,
    })
    return { pixels, label }
  })
const quick = { ...DEFAULT_TRAINING, hiddenUnits: 8, epochs: 3 }

const toInput = (batch: LabelledFrame[]) => {
  const input = new Float32Array(batch.length * FRAME_VALUES)
  batch.forEach(({ pixels }, row) => {
    for (let i = 0; i < FRAME_VALUES; i++) input[row * FRAME_VALUES + i] = pixels[i] * PIXEL_SCALE
  })
  return input
}

describe('trainClassifier', () => {
  it('learns, reports each epoch, and gives the same weights for the same input', async () => {
    const seen: TrainingProgress[] = []
    const set = frames(300, 1)
    const first = await trainClassifier(set, quick, { onProgress: (progress) => seen.push(progress) })
    const second = await trainClassifier(set, quick)
    if (first.status !== 'trained') throw new Error('training was aborted')
    expect(first.validation.accuracy).toBeGreaterThan(0.95)
    expect(first.validation.n + first.training.n).toBe(300)
    expect(first.parameters).toEqual(quick)
    expect(seen.map(({ epoch }) => epoch)).toEqual([1, 2, 3])
    expect(seen[2].validation).toEqual(first.validation)
    expect(second).toEqual(first)
    expect(await trainClassifier(set, { ...quick, seed: 2 })).not.toEqual(first)
  })

  it('exports a network that reads raw pixels and answers as the trained one', async () => {
    const outcome = await trainClassifier(frames(200, 500), { ...quick, epochs: 12 })
    if (outcome.status !== 'trained') throw new Error('training was aborted')
    const { network } = outcome
    const input = toInput(frames(40, 9000))
    const session = await InferenceSession.create(
      writeMlpClassifier({ network, inputName: 'frame', classes: ['cat', 'dog'] }),
    )
    const { probabilities } = await session.run({ frame: new Tensor('float32', input, [40, FRAME_VALUES]) })
    await session.release()
    const plain = predictProbabilities(network, input, 40)
    let right = 0
    for (let row = 0; row < 40; row++) {
      expect((probabilities.data as Float32Array)[2 * row]).toBeCloseTo(plain[2 * row], 4)
      if (Number(plain[2 * row + 1] > plain[2 * row]) === row % 2) right += 1
    }
    expect(right).toBeGreaterThan(36)
  })

  it('stops after the epoch in which it is told to', async () => {
    const abort = new AbortController()
    const outcome = await trainClassifier(
      frames(100, 1),
      { ...quick, epochs: 50 },
      { signal: abort.signal, onProgress: ({ epoch }) => epoch === 2 && abort.abort() },
    )
    expect(outcome).toEqual({ status: 'aborted', finishedEpochs: 2 })
  })

  it('refuses too few frames and labels outside the classes', async () => {
    await expect(trainClassifier(frames(10, 1), quick)).rejects.toThrow('10 frames are too few')
    const wrong = frames(30, 1)
    wrong[4] = { ...wrong[4], label: 2 }
    await expect(trainClassifier(wrong, quick)).rejects.toThrow('frame 4 has label 2')
  })
})

describe('the story', () => {
  const DAY = 86_400_000
  const start = Date.UTC(2026, 9, 1)
  const change = start + 30 * DAY
  const calm = DEFAULT_STORY
  const eventful = { ...calm, nightPenaltyFrom: change, knockAt: change, newBreedFrom: change }

  const judge = (network: Network, from: number, to: number, story: typeof calm) => {
    const batch = visitsBetween(from, to, story).map(labelledFrameOf)
    const probabilities = predictProbabilities(network, toInput(batch), batch.length)
    const predicted = batch.map((_, row) => Number(probabilities[2 * row + 1] > probabilities[2 * row]))
    const dogs = predicted.reduce((sum, label) => sum + label, 0)
    const right = predicted.filter((label, row) => label === batch[row].label).length
    return { accuracy: right / batch.length, dogsPerCat: dogs / (batch.length - dogs) }
  }
  const train = async (from: number, to: number, story: typeof calm, count: number, seed: number) => {
    const newest = visitsBetween(from, to, story).slice(-count).map(labelledFrameOf)
    const outcome = await trainClassifier(newest, { ...DEFAULT_TRAINING, seed })
    if (outcome.status !== 'trained') throw new Error('training was aborted')
    return outcome.network
  }

  it('falls by night, knock and new breeds, calls more dogs, and recovers by retraining', async () => {
    const first = await train(start, start + 24 * DAY, calm, 4000, 1)
    const reference = judge(first, start + 24 * DAY, change, calm)
    expect(reference.accuracy).toBeGreaterThan(0.95)
    const after = judge(first, change, change + 4 * DAY, eventful)
    expect(after.accuracy).toBeLessThan(0.88)
    expect(after.dogsPerCat / reference.dogsPerCat).toBeGreaterThan(1.2)
    const second = await train(change, change + 6 * DAY, eventful, 4000, 2)
    expect(judge(second, change + 6 * DAY, change + 10 * DAY, eventful).accuracy).toBeGreaterThan(0.93)
  }, 120_000)
})
