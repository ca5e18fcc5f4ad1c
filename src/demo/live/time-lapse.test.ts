import { describe, expect, it } from 'vitest'
import { createSchedule } from './schedule.ts'
import { createTimeLapse, newTimeLapseState, timeLapseState } from './time-lapse.ts'

const start = Date.UTC(2026, 9, 1)
const DAY = 86_400_000

describe('the time-lapse', () => {
  it('shows a day in a minute at speed 1440 and finds the way back', () => {
    const story = createTimeLapse(newTimeLapseState(start, 1440))
    expect(story.storyAt(start + 60_000)).toBe(start + DAY)
    expect(story.realAt(start + DAY)).toBe(start + 60_000)
  })

  it('goes on from where it is when the speed changes', () => {
    const story = createTimeLapse(newTimeLapseState(start, 1440))
    story.setSpeed(720, start + 60_000)
    expect(story.storyAt(start + 60_000)).toBe(start + DAY)
    expect(story.storyAt(start + 180_000)).toBe(start + 2 * DAY)
  })

  it('lets things happen once, in story time for the pictures and in real time for the box, until it is calm again', () => {
    const story = createTimeLapse(newTimeLapseState(start, 1440))
    story.trigger('night', start + 1000)
    story.trigger('knock', start + 2000)
    story.trigger('new-breed', start + 3000)
    story.trigger('knock', start + 9000)
    expect(story.visitStory()).toMatchObject({
      nightPenaltyFrom: start + 1_440_000,
      knockAt: start + 2_880_000,
      newBreedFrom: start + 4_320_000,
    })
    expect(story.boxStory().knockAt).toBe(start + 2000)
    story.trigger('calm', start + 10_000)
    expect(story.visitStory()).toMatchObject({ nightPenaltyFrom: Infinity, knockAt: Infinity, newBreedFrom: Infinity })
    expect(story.boxStory().knockAt).toBe(Infinity)
  })

  it('comes back from its state', () => {
    const story = createTimeLapse(newTimeLapseState(start, 1440))
    story.trigger('knock', start + 2000)
    const state = timeLapseState.parse(JSON.parse(JSON.stringify(story.state(start + 5000))))
    const again = createTimeLapse(state)
    expect(again.storyAt(start + 7000)).toBe(story.storyAt(start + 7000))
    expect(again.visitStory()).toEqual(story.visitStory())
  })
})

describe('the schedule', () => {
  it('tells each event once, in order, and nothing after a person has taken over', () => {
    const schedule = createSchedule(start, start)
    expect(schedule.due(start + 119_000)).toEqual([])
    expect(schedule.due(start + 155_000)).toEqual(['night', 'knock'])
    expect(schedule.due(start + 156_000)).toEqual([])
    schedule.stop()
    expect(schedule.due(start + 999_000)).toEqual([])
  })

  it('does not repeat what happened before a restart', () => {
    expect(createSchedule(start, start + 140_000).due(start + 999_000)).toEqual(['knock', 'new-breed'])
  })
})
