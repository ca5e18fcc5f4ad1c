import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { timeLapseState } from '../live/time-lapse.ts'
import { FIRST_VERSION, RELEASED_VERSION } from '../park/names.ts'

const port = z.int().min(0).max(65_535)

/** What the park remembers between runs. */
export const parkState = z.strictObject({
  /** When the camera first went live; null before. */
  openedAt: z.number().nullable(),
  timeLapse: timeLapseState.nullable(),
  sampleSeq: z.int(),
  telemetrySeq: z.int(),
  served: z.strictObject({ test: z.string(), production: z.string() }),
  /** Ports of the last run. */
  ports: z.strictObject({ broker: port, test: port, production: port, systems: port }),
})
export type ParkState = z.infer<typeof parkState>

const fresh: ParkState = {
  openedAt: null,
  timeLapse: null,
  sampleSeq: 0,
  telemetrySeq: 0,
  served: { test: RELEASED_VERSION, production: FIRST_VERSION },
  ports: { broker: 0, test: 0, production: 0, systems: 0 },
}

/** The state in a file; a fresh one where there is none or it cannot be read. */
export async function readState(path: string): Promise<ParkState> {
  try {
    return parkState.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return fresh
  }
}

export async function writeState(path: string, state: ParkState): Promise<void> {
  await writeFile(`${path}.new`, JSON.stringify(state))
  await rename(`${path}.new`, path)
}
