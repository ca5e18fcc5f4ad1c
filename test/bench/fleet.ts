import type { InputOf } from '../../src/contract/api.ts'
import { openTestConsole } from '../support/console.ts'

export interface FleetBenchOptions {
  readonly devices: number
  /** How often each question is asked. */
  readonly rounds: number
}

const groups = ['gates', 'yard', 'hall', '']

/** Middle and largest of some durations, ms. */
function summed(times: number[]): { medianMs: number; largestMs: number } {
  const sorted = times.toSorted((a, b) => a - b)
  const rounded = (ms: number) => Math.round(ms * 10) / 10
  return { medianMs: rounded(sorted[Math.floor(sorted.length / 2)]), largestMs: rounded(sorted[sorted.length - 1]) }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/**
 * A fleet registered device by device, each with its monitors and limits, then asked about as its page does: through the dispatcher,
 * inputs and outputs checked. `lastHundred` shows whether registering slows down as the fleet grows.
 */
export async function benchFleet({ devices, rounds }: FleetBenchOptions) {
  const console = await openTestConsole()
  try {
    const saves: number[] = []
    for (let index = 0; index < devices; index += 1) {
      const device: InputOf<'devices.save'>['device'] = {
        ...{ key: `box-${index}`, name: `Box ${index}`, site: `Site ${index % 40}`, firmware: `1.${index % 7}` },
        ...{ tags: ['bench'], group: groups[index % groups.length] },
        channels: ['temperature', 'light'].map((name) => ({
          ...{ name, unit: '', range: null, limit: null, expectedEveryMs: 60_000, stuckAfterMs: null },
        })),
      }
      saves.push(await timed(() => console.call('devices.save', { id: null, revision: null, device })))
    }
    const ask = async (work: () => Promise<unknown>) => {
      const times: number[] = []
      for (let round = 0; round < rounds; round += 1) times.push(await timed(work))
      return summed(times)
    }
    const page = (query: InputOf<'devices.list'>) => ask(() => console.call('devices.list', query))
    return {
      devices,
      registering: {
        all: summed(saves),
        firstHundred: summed(saves.slice(0, 100)),
        lastHundred: summed(saves.slice(-100)),
      },
      firstPage: await page({}),
      lastPage: await page({ cursor: String(devices - 100) }),
      foundByText: await page({ text: 'site 7' }),
      inGroupBySite: await page({ group: 'yard', sort: 'site', direction: 'ascending' }),
      byVersion: await page({ sort: 'version' }),
      fleetAtAGlance: await ask(() => console.call('devices.fleet', {})),
      overview: await ask(() => console.call('overview.get', {})),
    }
  } finally {
    await console.close()
  }
}
