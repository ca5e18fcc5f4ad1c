import type { Retention } from '../../contract/workspace.ts'
import type { Store } from '../../store/store.ts'

const dayMs = 86_400_000
/** Rows looked at in one transaction: nothing that is written waits long for it. */
const rowsAtOnce = 500

export interface RemovedFindings {
  readonly findings: number
  readonly reports: number
  readonly details: number
  readonly findingsBefore: number
  readonly reportsBefore: number
}

/** Removes the findings and reports that are too old, a few in each transaction; null when there were none. */
export async function retainFindings(
  { findings }: Pick<Store, 'findings'>,
  { findingDays, reportDays }: Pick<Retention, 'findingDays' | 'reportDays'>,
  now: number,
  isStopped: () => boolean,
): Promise<RemovedFindings | null> {
  const findingsBefore = Math.max(0, now - findingDays * dayMs)
  const reportsBefore = Math.max(0, now - reportDays * dayMs)
  const sum = { findings: 0, reports: 0, details: 0 }
  let cursor: string | null = null
  do {
    const step = await findings.retain({ findingsBefore, reportsBefore, limit: rowsAtOnce, cursor })
    sum.findings += step.findings
    sum.reports += step.reports
    sum.details += step.details
    cursor = step.nextCursor
  } while (cursor !== null && !isStopped())
  return sum.findings + sum.reports + sum.details === 0 ? null : { ...sum, findingsBefore, reportsBefore }
}
