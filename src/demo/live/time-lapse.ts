import { z } from 'zod'
import { DEFAULT_STORY, type Story } from '../park/story.ts'

export const storyEvent = z.enum(['night', 'knock', 'new-breed', 'calm'])
export type StoryEvent = z.infer<typeof storyEvent>

const instant = z.number().nonnegative()

/** Where the story stands, as it is kept between runs; null for what has not happened. */
export const timeLapseState = z.strictObject({
  /** Story milliseconds that pass in one real millisecond. */
  speed: z.number().min(60).max(5760),
  /** Story instant at the real instant `anchorAt`. */
  storyAt: instant,
  anchorAt: instant,
  nightPenaltyFrom: instant.nullable(),
  knockAt: instant.nullable(),
  newBreedFrom: instant.nullable(),
  /** The knock in real time, in which the box reports. */
  boxKnockAt: instant.nullable(),
})
export type TimeLapseState = z.infer<typeof timeLapseState>

/** A day of visits in half a minute, about twenty visits a second. */
export const DEFAULT_SPEED = 2880

/**
 * The live story. Visits run in time-lapse: at speed 2880 the camera sees a day of visits in half a minute, each at its own
 * real instant. The weather and the camera's box keep real time, because their rhythm is that of sensors. What happens
 * stays until `calm`.
 */
export interface TimeLapse {
  storyAt(at: number): number
  /** Real instant of a story instant, whole milliseconds. */
  realAt(storyAt: number): number
  visitStory(): Story
  boxStory(): Story
  trigger(event: StoryEvent, at: number): void
  setSpeed(speed: number, at: number): void
  state(at: number): TimeLapseState
}

export function newTimeLapseState(at: number, speed = DEFAULT_SPEED): TimeLapseState {
  const nothing = { nightPenaltyFrom: null, knockAt: null, newBreedFrom: null, boxKnockAt: null }
  return { speed, storyAt: at, anchorAt: at, ...nothing }
}

export function createTimeLapse(initial: TimeLapseState): TimeLapse {
  let state = initial
  const storyAt = (at: number) => state.storyAt + Math.max(0, at - state.anchorAt) * state.speed
  const orNever = (at: number | null) => at ?? Infinity
  /** Moves the anchor to now, so that a change does not bend what has been. */
  const anchor = (at: number) => {
    state = { ...state, storyAt: storyAt(at), anchorAt: Math.max(at, state.anchorAt) }
  }
  return {
    storyAt,
    realAt: (story) => Math.round(state.anchorAt + (story - state.storyAt) / state.speed),
    visitStory: () => ({
      ...DEFAULT_STORY,
      nightPenaltyFrom: orNever(state.nightPenaltyFrom),
      knockAt: orNever(state.knockAt),
      newBreedFrom: orNever(state.newBreedFrom),
    }),
    boxStory: () => ({ ...DEFAULT_STORY, knockAt: orNever(state.boxKnockAt) }),
    trigger(event, at) {
      anchor(at)
      const now = state.storyAt
      if (event === 'night') state = { ...state, nightPenaltyFrom: state.nightPenaltyFrom ?? now }
      else if (event === 'knock')
        state = { ...state, knockAt: state.knockAt ?? now, boxKnockAt: state.boxKnockAt ?? at }
      else if (event === 'new-breed') state = { ...state, newBreedFrom: state.newBreedFrom ?? now }
      else state = { ...state, nightPenaltyFrom: null, knockAt: null, newBreedFrom: null, boxKnockAt: null }
    },
    setSpeed(speed, at) {
      anchor(at)
      state = { ...state, speed }
    },
    state(at) {
      anchor(at)
      return state
    },
  }
}
