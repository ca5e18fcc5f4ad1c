import { mixSeed } from '../../src/demo/random.ts'

/** One message of a run, made from its number and the seed alone, so that it can be made again. */
export interface FaultMessage {
  readonly topic: string
  readonly payload: string
}

/** What is in the workspace when every message has been stored exactly once. */
export interface Expected {
  readonly sampleIds: string[]
  readonly labelled: number
  readonly points: number
}

export const spanMs = 72 * 3_600_000

type Kind = 'sample' | 'labelled sample' | 'label, then sample' | 'telemetry'

/** Messages come in pairs, because some samples have their label sent in a message before them. */
function kindOf(pair: number): Kind {
  const kinds: Kind[] = ['sample', 'labelled sample', 'label, then sample', 'telemetry']
  return kinds[pair % 10 < 7 ? pair % 2 : pair % 10 < 9 ? 2 : 3]
}

/** The `index`th message. Event times are scattered over three days, so most come late and out of order. */
export function makeMessage(seed: number, index: number, startAt: number): FaultMessage {
  const pair = index >> 1
  const kind = kindOf(pair)
  const at = startAt + (mixSeed(seed, index) % spanMs)
  if (kind === 'telemetry')
    return {
      topic: 'assay/devices/box/telemetry',
      payload: JSON.stringify({ at: startAt + index * 40, values: { temperature: index % 50, humidity: 40 } }),
    }
  if (kind === 'label, then sample' && index % 2 === 0)
    return {
      topic: 'assay/deployments/room/labels',
      payload: JSON.stringify({ id: `s${index + 1}`, label: 'occupied', at }),
    }
  const inputs = { temperature: index % 40, light: (index * 7) % 300, window: index % 3 ? 'open' : 'shut' }
  const sample = { id: `s${index}`, at, inputs, prediction: index % 5 ? 'empty' : 'occupied', device: 'box' }
  return {
    topic: 'assay/deployments/room/samples',
    payload: JSON.stringify(kind === 'labelled sample' ? { ...sample, label: 'empty' } : sample),
  }
}

export function expectedOf(messages: number): Expected {
  const sampleIds: string[] = []
  let labelled = 0
  let points = 0
  for (let index = 0; index < messages; index++) {
    const kind = kindOf(index >> 1)
    if (kind === 'telemetry') points += 2
    else if (kind !== 'label, then sample' || index % 2 === 1) {
      sampleIds.push(`s${index}`)
      if (kind !== 'sample') labelled++
    }
  }
  return { sampleIds, labelled, points }
}
