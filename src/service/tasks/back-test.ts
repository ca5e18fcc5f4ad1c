import type { BackTest, Finding, Limit, Target } from '../../contract/finding.ts'
import type { Window } from '../../contract/primitives.ts'
import { backTestLimits } from '../../rules/back-test.ts'
import type { JudgeOptions } from '../../rules/limits.ts'
import type { TaskContext } from '../jobs/task.ts'
import type { TaskParts } from './tasks.ts'

export interface BackTestOrder {
  readonly target: Target
  readonly proposed: readonly Limit[]
  readonly current: readonly Limit[]
  readonly window: Window
  readonly options: JudgeOptions
}

const pageSize = 1000
/** Findings that are replayed at most, the newest: months of a busy monitor. */
const mostFindings = 200_000

/** Replays a target's stored findings against limits. Only what monitors found counts; what people asked besides does not. */
export async function backTest(
  { store }: TaskParts,
  { target, proposed, current, window, options }: BackTestOrder,
  { cancellation }: TaskContext,
): Promise<BackTest> {
  const found: Finding[] = []
  let cursor: string | null = null
  do {
    if (cancellation.aborted) throw new Error('The back-test was cancelled')
    const page = await store.findings.list({ target, kind: null, window, limit: pageSize, cursor })
    for (const finding of page.items) if (finding.monitorId !== null) found.push(finding)
    cursor = page.nextCursor
  } while (cursor !== null && found.length < mostFindings)
  return backTestLimits({ findings: found, proposed, current, window, options })
}
