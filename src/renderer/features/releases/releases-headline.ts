import type { OutputOf } from '../../../contract/api.ts'
import type { Headline } from '../../../contract/primitives.ts'
import { nextWords } from './release-words.ts'

export type ReleaseRow = OutputOf<'releases.list'>[number]

/** Whether something waits on the way to production, and for whom. */
export function releasesHeadline(rows: readonly ReleaseRow[]): Headline {
  const waiting = rows.filter(({ record }) => nextWords[record.state] !== undefined)
  const newest = [...waiting].sort((left, right) => right.record.createdAt - left.record.createdAt)[0]
  if (newest === undefined) {
    return rows.length === 0
      ? { status: 'unknown', text: 'Nothing has been submitted for release yet.' }
      : { status: 'ok', text: 'No release is in progress.' }
  }
  const one = `${newest.modelName} ${newest.versionName}: ${nextWords[newest.record.state]}.`
  return {
    status: 'unknown',
    text:
      waiting.length === 1
        ? `One release is in progress. ${one}`
        : `${waiting.length} releases are in progress. Newest: ${one}`,
  }
}
