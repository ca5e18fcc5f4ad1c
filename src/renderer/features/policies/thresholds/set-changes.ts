import type { Limit } from '../../../../contract/finding.ts'
import { subjectWord } from '../../shared/words.ts'
import { acceptableWord, limitKey, limitSentence } from './limit-words.ts'

/** What one set of limits changes about another, in sentences: added, removed, moved. */
export function changesBetween(before: readonly Limit[], after: readonly Limit[]): string[] {
  const known = new Map(before.map((limit) => [limitKey(limit), limit]))
  const kept = new Set(after.map(limitKey))
  const changes = after.flatMap((limit) => {
    const old = known.get(limitKey(limit))
    if (old === undefined) return [`Added: ${limitSentence(limit)}`]
    if (JSON.stringify(old) === JSON.stringify(limit)) return []
    const [was, is] = [acceptableWord(old), acceptableWord(limit)]
    if (was !== is) return [`Changed: ${subjectWord(limit.kind, limit.subject)} from ${was} to ${is}.`]
    return [`Changed: ${limitSentence(limit)}`]
  })
  const removed = before
    .filter((limit) => !kept.has(limitKey(limit)))
    .map((limit) => `Removed: ${limitSentence(limit)}`)
  return [...changes, ...removed]
}
