import { setTimeout as sleep } from 'node:timers/promises'
import type { EndpointClient } from '../../collect/endpoint.ts'
import type { Version } from '../../contract/model.ts'

/** What an endpoint says of itself after a switch. `unsaid`: its metadata name no version of this model. */
export type ServedCheck =
  | { readonly outcome: 'confirmed' | 'unsaid'; readonly sentence: string }
  | { readonly outcome: 'mismatch' | 'unreachable'; readonly sentence: string }

/** A server may take a moment to put a version in service. */
const attempts = 5
const pauseMs = 1000

/**
 * Asks the endpoint which versions of the model it serves. Servers that count their versions on their own (1, 2, 3) say nothing
 * that could be compared: only a name among the model's own versions counts as a contradiction.
 */
export async function checkServed(
  client: Pick<EndpointClient, 'metadata'>,
  target: Version,
  versions: readonly Version[],
  signal: AbortSignal,
): Promise<ServedCheck> {
  const names = new Set(versions.map(({ name }) => name))
  let last: ServedCheck = { outcome: 'unreachable', sentence: 'The endpoint was not asked' }
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (attempt > 0) await sleep(pauseMs, undefined, { signal })
    const reply = await client.metadata(signal)
    if (!reply.ok) {
      last = { outcome: 'unreachable', sentence: `The endpoint does not say what it serves: ${reply.problem.message}` }
      continue
    }
    const served = reply.value.versions ?? []
    if (served.includes(target.name)) return { outcome: 'confirmed', sentence: `The endpoint serves ${target.name}` }
    const known = served.filter((name) => names.has(name))
    if (known.length === 0)
      return { outcome: 'unsaid', sentence: 'The metadata of the endpoint name no version of this model' }
    last = { outcome: 'mismatch', sentence: `The endpoint still serves ${known.join(', ')}, not ${target.name}` }
  }
  return last
}
