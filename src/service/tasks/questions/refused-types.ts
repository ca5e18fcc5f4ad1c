import type { Window } from '../../../contract/primitives.ts'
import type { IntakeStore } from '../../../store/store.ts'

const pageSize = 1000
/** Dead letters that are looked at, newest first: enough to see a fault, bounded where a sender is broken for weeks. */
const mostPages = 10

/**
 * Values by column that the intake refused because they had the wrong type, among the dead letters of a deployment that
 * arrived in the window. At least so many: of a message with many faults only the first are kept apart.
 */
export async function countRefusedTypes(
  intake: Pick<IntakeStore, 'deadLetters'>,
  deploymentKey: string,
  window: Window,
): Promise<Record<string, number>> {
  const counts = new Map<string, number>()
  let before: number | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const letters = await intake.deadLetters({ connectionId: null, limit: pageSize, before })
    for (const { at, code, source, reason } of letters) {
      if (at < window.from || at >= window.to || code !== 'schema-mismatch') continue
      if (!source.split(/[\s/]/).includes(deploymentKey)) continue
      const column = /^(?:\[\d+\] )?inputs\.(.+?): expected /.exec(reason)?.[1]
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1)
    }
    const last = letters.at(-1)
    if (last === undefined || letters.length < pageSize || last.at < window.from) break
    before = last.id
  }
  return Object.fromEntries(counts)
}
