import { z } from 'zod'
import { type Route, readBody } from '../http/json-service.ts'
import type { Schedule } from './schedule.ts'
import { storyEvent, type TimeLapse, timeLapseState } from './time-lapse.ts'

const change = z
  .strictObject({
    event: storyEvent.optional(),
    speed: timeLapseState.shape.speed.optional(),
    /** `off`: nothing happens by itself any more. */
    schedule: z.literal('off').optional(),
  })
  .refine((given) => Object.keys(given).length > 0, { error: 'give event, speed or schedule' })

/** `POST /story {"event":"night"}` makes something happen; `GET /story` tells where the story stands. */
export function createControlRoutes(parts: {
  readonly timeLapse: TimeLapse
  readonly schedule: Schedule
  readonly token: string
  readonly now: () => number
  /** Counts of the camera and what serves, for who watches. */
  readonly facts: () => Record<string, unknown>
  readonly onChange: () => void
}): readonly Route[] {
  const { timeLapse, schedule, token, now, facts, onChange } = parts
  const tell = () => ({ status: 200, body: { story: timeLapse.state(now()), ...facts() } })
  return [
    {
      method: 'POST',
      path: /^\/story$/,
      token,
      async handle({ text }) {
        const { event, speed } = readBody(text, change)
        // Who takes the story into their hands is not surprised by it any more.
        schedule.stop()
        if (speed !== undefined) timeLapse.setSpeed(speed, now())
        if (event !== undefined) timeLapse.trigger(event, now())
        onChange()
        return tell()
      },
    },
    { method: 'GET', path: /^\/story$/, token, handle: async () => tell() },
  ]
}
