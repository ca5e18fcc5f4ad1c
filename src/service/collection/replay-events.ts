import { type Exchange, keyOf, pairOf, type WaitingHalf } from '../../collect/cloudevents/join-exchanges.ts'
import { readWritten } from '../../collect/cloudevents/read-events.ts'
import { defaultLimits } from '../../collect/limits.ts'
import type { DeadLetter } from '../../contract/sample.ts'

/** A letter of an inference logger, with the deployment that its source names. */
export interface EventLetter {
  readonly letter: DeadLetter
  readonly connectionId: string
  readonly deploymentKey: string
}

function halvesIn({ letter, connectionId, deploymentKey }: EventLetter): WaitingHalf[] | string {
  const bytes = Buffer.from(letter.payloadBase64, 'base64')
  const halves: WaitingHalf[] = []
  for (const read of readWritten(bytes, defaultLimits.depth)) {
    if (read.refusal)
      return `it holds no event that can be read (${read.refusal.reason}): the logger has to send it again`
    halves.push({ connectionId, deploymentKey, payload: bytes, arrivedAt: letter.at, event: read.event })
  }
  return halves.length > 0 ? halves : 'it holds no event that can be read: the logger has to send it again'
}

/**
 * Finds the exchange of each letter: the letter holds both halves, or another of the letters holds the other one. By id of the
 * letter: the exchange, or a sentence that says why there is none.
 */
export function findExchanges(letters: readonly EventLetter[]): Map<number, Exchange | string> {
  const read = letters.map((each) => ({ id: each.letter.id, halves: halvesIn(each) }))
  const all = Map.groupBy(
    read.flatMap(({ halves }) => (typeof halves === 'string' ? [] : halves)),
    keyOf,
  )
  const exchangeOf = (half: WaitingHalf): Exchange | string => {
    for (const other of all.get(keyOf(half)) ?? []) {
      const exchange = pairOf(half, other)
      if (exchange !== null) return exchange
    }
    const other = half.event.half === 'request' ? 'response' : 'request'
    return `it is the ${half.event.half} alone: without the ${other}, which is not among these letters, there is no sample`
  }
  return new Map(read.map(({ id, halves }) => [id, typeof halves === 'string' ? halves : exchangeOf(halves[0])]))
}
