import { createHash } from 'node:crypto'
import type { Lineage } from '../../contract/model.ts'
import { extractFeatures, foldIntoPixels } from '../model/image-features.ts'
import { writeMlpClassifier } from '../model/onnx-writer.ts'
import { DEFAULT_TRAINING, type LabelledFrame, type TrainingParameters, trainClassifier } from '../model/train.ts'
import { SPECIES } from '../park/breeds.ts'
import { FRAME_INPUT } from '../park/sample.ts'
import { createRandom, mixSeed } from '../random.ts'
import { loadClassifier } from '../server/classifier.ts'
import { augmentFrame } from './augment.ts'
import { accuracyOf } from './evaluate.ts'

/** A frame that somebody labelled, with what identifies it. */
export interface KnownFrame extends LabelledFrame {
  readonly id: string
}

export interface TrainingRun {
  /** Oldest first. */
  readonly frames: readonly KnownFrame[]
  readonly run: string
  readonly version: string
  /** ONNX bytes of the version that is served now, for comparison; null for a first model. */
  readonly served: Uint8Array | null
  readonly parameters?: Partial<TrainingParameters>
  /** Copies of each training frame that are moved and lit differently. */
  readonly copies?: number
  readonly onProgress?: (share: number, sentence: string) => void
}

export interface TrainedVersion {
  readonly onnx: Uint8Array
  readonly lineage: Lineage
}

/** Every fifth frame is kept from training and judges the result. */
const TEST_EVERY = 5
const MIN_FRAMES = 200
const TOLD_EPOCHS = 5

/** Functions that decide what comes out of a training: their source text is what a commit would name. */
const TRAINING_CODE = [trainClassifier, extractFeatures, foldIntoPixels, augmentFrame, trainVersion]

/**
 * Trains a version on labelled frames and evaluates it on those kept apart, beside the version that is served now. The same
 * frames and parameters give the same bytes. Throws one clear sentence when there are fewer than 200 frames.
 */
export async function trainVersion(given: TrainingRun): Promise<TrainedVersion> {
  const { frames, run, version, served, copies = 1, onProgress } = given
  if (frames.length < MIN_FRAMES) {
    throw new Error(`there are ${frames.length} labelled frames, at least ${MIN_FRAMES} are needed`)
  }
  // The test frames judge; the training's own validation only tells how it goes.
  const parameters: TrainingParameters = { ...DEFAULT_TRAINING, validationShare: 0.05, ...given.parameters }
  const test = frames.filter((_, index) => index % TEST_EVERY === TEST_EVERY - 1)
  const training = frames.filter((_, index) => index % TEST_EVERY !== TEST_EVERY - 1)
  const random = createRandom(mixSeed(parameters.seed, 21))
  const augmented = Array.from({ length: copies }, () => training.map((frame) => augmentFrame(frame, random))).flat()

  const outcome = await trainClassifier([...training, ...augmented], parameters, {
    onProgress: ({ epoch, epochs }) => {
      if (epoch % TOLD_EPOCHS === 0) onProgress?.(epoch / epochs, `Epoch ${epoch} of ${epochs}`)
    },
  })
  if (outcome.status !== 'trained') throw new Error('the training was stopped')
  const onnx = writeMlpClassifier({
    network: outcome.network,
    inputName: FRAME_INPUT,
    classes: SPECIES,
    metadata: { version, run },
  })
  onProgress?.(1, `Evaluating on ${test.length} frames kept apart`)
  const accuracy = await accuracyOfFile(onnx, version, test)
  const servedAccuracy = served === null ? null : await accuracyOfFile(served, 'served', test)
  return {
    onnx,
    lineage: {
      sourceRepository: 'pet-park/classifier',
      sourceCommit: digestOf(TRAINING_CODE.map(String).join('\n')).slice(0, 40),
      pipelineRun: run,
      parameters: { ...parameters, copies, frames: training.length, newestFrame: frames[frames.length - 1].id },
      trainingDatasetDigest: digestOf(manifestOf(training)),
      testDatasetDigest: digestOf(manifestOf(test)),
      referenceDatasetDigest: null,
      metricsAtTraining: {
        accuracy,
        ...(servedAccuracy !== null && { servedAccuracy }),
        trainingAccuracy: outcome.training.accuracy,
        trainingLoss: outcome.training.loss,
        testFrames: test.length,
      },
    },
  }
}

async function accuracyOfFile(onnx: Uint8Array, version: string, frames: readonly KnownFrame[]): Promise<number> {
  const classifier = await loadClassifier(onnx, version)
  try {
    return await accuracyOf(classifier, frames)
  } finally {
    classifier.retire()
  }
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex')

/** One line for each frame: id, SHA-256 of its pixels, label. */
export function manifestOf(frames: readonly KnownFrame[]): string {
  const lines = frames.map(({ id, pixels, label }) => {
    return `${id},${createHash('sha256').update(pixels).digest('hex')},${SPECIES[label]}`
  })
  return `id,sha256,label\n${lines.join('\n')}\n`
}
