import type { Intake } from '../../collect/intake.ts'
import { parseRoute, parseTopic, type Route } from '../../collect/route.ts'
import type { Connection } from '../../contract/connection.ts'
import type { DeadLetter } from '../../contract/sample.ts'

export interface ReplayOutcome {
  readonly id: number
  readonly isTaken: boolean
  /** Why it was refused again. */
  readonly reason: string
}

const pushSource = '/ingest/'

/** The documented route that a letter came by; null where mappings have to read it. */
function routeOf({ source }: DeadLetter, { config }: Connection): Route | null {
  if (config.kind === 'mqtt') return parseTopic(config.topicPrefix, source)
  return source.startsWith(pushSource) ? parseRoute(source.slice(pushSource.length)) : null
}

/**
 * Gives dead letters to the intake again, through what is registered and mapped now. One that can be taken is stored as if it
 * came for the first time (what of it was stored before changes nothing); the letter keeps what became of it.
 */
export function createReplay(parts: {
  readonly intake: Intake
  readonly connection: (id: string) => Connection | null
  readonly now: () => number
}): (letters: readonly DeadLetter[]) => Promise<ReplayOutcome[]> {
  const { intake, connection, now } = parts

  async function replayOne(letter: DeadLetter): Promise<ReplayOutcome> {
    const refuse = (reason: string): ReplayOutcome => ({ id: letter.id, isTaken: false, reason })
    const from = letter.connectionId === null ? null : connection(letter.connectionId)
    if (from === null) return refuse('it came from a file or a connection that is gone: bring it in again from there')
    const payload = Buffer.from(letter.payloadBase64, 'base64')
    if (payload.length < letter.payloadBytes)
      return refuse(`only its first ${payload.length} of ${letter.payloadBytes} bytes are kept: send it again`)
    if (intake.isFull(from.id)) await intake.whenRoom(from.id)
    const { refused } = await intake.offer({
      ...{ connectionId: from.id, via: from.config.kind, source: letter.source, route: routeOf(letter, from), payload },
      // What was too far ahead is judged by today.
      replay: { id: letter.id, arrivedAt: letter.code === 'time-out-of-bounds' ? now() : letter.at },
    })
    return refused.length === 0 ? { id: letter.id, isTaken: true, reason: '' } : refuse(refused[0].reason)
  }

  return (letters) => Promise.all(letters.map(replayOne))
}
