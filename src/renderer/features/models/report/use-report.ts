import { useState } from 'react'
import type { MonitorKind, Reference, Target } from '../../../../contract/finding.ts'
import type { Json, Window } from '../../../../contract/primitives.ts'
import type { StoredReport } from '../../../../contract/report.ts'
import { type StartedJob, useJobCommand } from '../../../data/jobs.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'

export type ReportState = {
  stored: StoredReport | null
  isLoading: boolean
  problem: string | null
  retry: () => void
  asking: StartedJob<'reports.run'>
  ask: () => void
  reference: Reference
  setReference: (reference: Reference) => void
}

/**
 * The newest answer to a question about a target, and how to ask anew. A question that was asked by hand is shown as soon
 * as it is answered, unless a monitor was later.
 */
export function useReport(
  kind: MonitorKind,
  target: Target,
  window: Window,
  parameters: Record<string, Json> = {},
): ReportState {
  const [reference, setReference] = useState<Reference>({ kind: 'default' })
  const asking = useJobCommand('reports.run')
  const latest = useQueryMethod('reports.latest', { kind, target }, { follows: { data: ['findings'] } })
  const answeredId = asking.job?.state === 'succeeded' ? asking.job.result : null
  const answered = useQueryMethod(
    'reports.get',
    { id: answeredId ?? '' },
    { enabled: answeredId !== null, follows: {} },
  )
  const mine = answered.data ?? null
  const newest = latest.data ?? null
  return {
    stored: mine !== null && (newest === null || mine.at >= newest.at) ? mine : newest,
    isLoading: latest.data === undefined && latest.error === null,
    problem: latest.data === undefined ? (latest.error?.message ?? null) : null,
    retry: () => void latest.refetch(),
    asking,
    ask() {
      // A preset ends a little ahead of now; what has not happened yet is not asked about.
      const to = Math.max(window.from + 1, Math.min(window.to, Date.now()))
      asking.start({ kind, target, window: { from: window.from, to }, reference, parameters })
    },
    reference,
    setReference,
  }
}
