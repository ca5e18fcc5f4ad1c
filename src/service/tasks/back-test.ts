import type { BackTest, Finding, Limit, Target } from '../../contract/finding.ts'
import type { Window } from '../../contract/primitives.ts'
import { backTestLimits } from '../../rules/back-test.ts'
import type { JudgeOptions } from '../../rules/limits.ts'
import type { TaskContext } from '../jobs/task.ts'
import { atLevel, levelOfLook, spendsBudget } from '../monitoring/evidence-budget.ts'
import type { TaskParts } from './tasks.ts'

export interface BackTestOrder {
  readonly target: Target
  readonly proposed: readonly Limit[]
  readonly current: readonly Limit[]
  readonly window: Window
  readonly options: JudgeOptions & { readonly confidence: number }
}

const pageSize = 1000
/** Findings that are replayed at most, the newest: months of a busy monitor. */
const mostFindings = 200_000

/** A p-value that is at most `alpha` exactly where the given one is at most `level`. */
const scaled = (p: number | null, alpha: number, level: number) =>
  p === null ? null : Math.min(1, (p * alpha) / level)

/**
 * Findings as they were judged: each at the level that its look could spend from the monitor's budget, counted from the first
 * look replayed. Without this a replay would raise more than the monitor ever did.
 */
export function atTheirLooks(findings: readonly Finding[], { alpha, confidence }: BackTestOrder['options']): Finding[] {
  const looks = new Map<string, Map<number, number>>()
  const lookOf = ({ monitorId, at }: Finding): number => {
    const known = looks.get(monitorId ?? '') ?? new Map<number, number>()
    looks.set(monitorId ?? '', known)
    const look = known.get(at) ?? known.size + 1
    known.set(at, look)
    return look
  }
  return findings
    .toSorted((a, b) => a.at - b.at)
    .map((finding) => {
      if (!spendsBudget(finding.kind)) return finding
      const level = levelOfLook(alpha, lookOf(finding))
      const { evidence } = finding
      return {
        ...finding,
        interval: atLevel(finding, level, confidence).interval,
        evidence: evidence && {
          ...evidence,
          pValue: scaled(evidence.pValue, alpha, level),
          adjustedPValue: scaled(evidence.adjustedPValue, alpha, level),
        },
      }
    })
}

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
  return backTestLimits({ findings: atTheirLooks(found, options), proposed, current, window, options })
}
