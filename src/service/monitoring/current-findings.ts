import type { Finding } from '../../contract/finding.ts'

/**
 * Of the newest findings of every number, those that the newest run of their monitor gave. A number that is no longer asked
 * for (a column that the new version lacks) would otherwise tell of its last day for ever.
 */
export function currentFindings(latest: readonly Finding[]): Finding[] {
  const source = (finding: Finding) => `${finding.kind} ${finding.target.id} ${finding.monitorId}`
  const newest = new Map<string, number>()
  for (const finding of latest)
    newest.set(source(finding), Math.max(newest.get(source(finding)) ?? 0, finding.window.to))
  return latest.filter((finding) => finding.window.to === newest.get(source(finding)))
}
