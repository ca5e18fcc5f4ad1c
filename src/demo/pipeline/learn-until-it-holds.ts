import { setTimeout as pause } from 'node:timers/promises'
import { loadClassifier } from '../server/classifier.ts'
import { accuracyOf } from './evaluate.ts'
import type { KnownFrame, TrainedVersion } from './training-run.ts'

const LOOK_EVERY_MS = 1000

export interface Learning {
  /** Labelled frames to learn from, oldest first, as known now. */
  readonly frames: () => KnownFrame[]
  readonly train: (frames: readonly KnownFrame[]) => Promise<TrainedVersion>
  /** Labelled frames since the training on which it has to hold, and the accuracy it needs there. */
  readonly wanted: number
  readonly accuracy: number
  readonly rounds: number
  /** Without a new label for so long, what has been learned must do. */
  readonly patienceMs: number
  readonly say: (sentence: string) => void
}

/**
 * Trains, waits for frames that nobody had seen at the time of the training, and trains again with them until it holds there:
 * what began a minute ago has few labels yet, and a version that learned from those few would only pass tests of the past.
 */
export async function learnUntilItHolds(learning: Learning): Promise<TrainedVersion & { frames: KnownFrame[] }> {
  const { train, wanted, rounds, say } = learning
  for (let round = 1; ; round++) {
    const frames = learning.frames()
    say(`Read ${frames.length} labelled frames`)
    const trained = await train(frames)
    if (round >= rounds) return { ...trained, frames }
    const known = new Set(frames.map(({ id }) => id))
    const since = await waitForFrames(learning, known)
    if (since.length < wanted) return { ...trained, frames }
    const classifier = await loadClassifier(trained.onnx, `round ${round}`)
    const accuracy = await accuracyOf(classifier, since).finally(() => classifier.retire())
    const holds = accuracy >= learning.accuracy
    say(`Accuracy ${accuracy.toFixed(3)} on ${since.length} frames since${holds ? '' : ': training again with them'}`)
    if (holds) return { ...trained, frames }
  }
}

/** Labelled frames that were not known; fewer than wanted when no further label came for a while. */
async function waitForFrames(learning: Learning, known: ReadonlySet<string>): Promise<KnownFrame[]> {
  const { wanted, patienceMs, say } = learning
  let since: KnownFrame[] = []
  let lastNewsAt = performance.now()
  say(`Waiting for ${wanted} further labelled frames to try it on`)
  for (;;) {
    const found = learning.frames().filter(({ id }) => !known.has(id))
    if (found.length > since.length) lastNewsAt = performance.now()
    since = found
    if (since.length >= wanted || performance.now() - lastNewsAt > patienceMs) return since
    await pause(LOOK_EVERY_MS)
  }
}
