import { describe, expect, it } from 'vitest'
import { DEFAULT_STORY } from '../park/story.ts'
import { idOfVisit } from '../park/visitor.ts'
import { labelledFrameOf, visitsBetween } from '../park/visits.ts'
import { learnUntilItHolds } from './learn-until-it-holds.ts'
import { trainVersion } from './training-run.ts'

const start = Date.UTC(2026, 9, 1)
const all = visitsBetween(start, start + 2 * 86_400_000, DEFAULT_STORY).map((visit) => ({
  id: idOfVisit(visit),
  ...labelledFrameOf(visit),
}))
const train = (frames: Readonly<typeof all>) =>
  trainVersion({ frames, run: 'run-1', version: '1.1.0', served: null, parameters: { epochs: 4, hiddenUnits: 8 } })

/** Frames as they become known: `at` of them, and one more at every further look. */
function growing(at: number, step: number) {
  let looks = 0
  return () => all.slice(0, at + step * looks++)
}

describe('learnUntilItHolds', () => {
  const rules = { train, wanted: 40, rounds: 3, patienceMs: 1500 }

  it('ends with the first training that holds on frames that came after it', async () => {
    const said: string[] = []
    const learned = await learnUntilItHolds({
      ...rules,
      frames: growing(300, 50),
      accuracy: 0.1,
      say: (line) => said.push(line),
    })
    expect(learned.frames.length).toBe(300)
    expect(said.at(-1)).toMatch(/^Accuracy 0\.\d{3} on 50 frames since$/)
  }, 60_000)

  it('trains again with them while it does not, and not for ever', async () => {
    const said: string[] = []
    const learned = await learnUntilItHolds({
      ...rules,
      frames: growing(300, 50),
      accuracy: 1.1,
      say: (line) => said.push(line),
    })
    expect(said.filter((line) => /training again with them$/.test(line)).length).toBe(2)
    expect(learned.frames.length).toBe(500)
  }, 60_000)

  it('makes do with what it has learned when no further label comes', async () => {
    const frames = all.slice(0, 300)
    const learned = await learnUntilItHolds({ ...rules, frames: () => frames, accuracy: 1.1, say: () => {} })
    expect(learned.frames).toEqual(frames)
  }, 60_000)
})
