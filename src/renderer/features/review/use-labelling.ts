import { useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import type { Outcome } from '../../../contract/sample.ts'
import { useCommand } from '../../rpc/hooks.ts'

export type QueueItem = OutputOf<'review.queue'>[number]
export type Verdict = { label: Outcome } | 'skipped'

/** One person's pass through a queue: labels wait here, and can be taken back, until they are sent together. */
export function useLabelling(deploymentId: string, items: readonly QueueItem[]) {
  const [place, setPlace] = useState(0)
  /** By place in the queue; what has been sent cannot be taken back here. */
  const [verdicts, setVerdicts] = useState<ReadonlyMap<number, Verdict>>(new Map())
  const [sent, setSent] = useState<ReadonlySet<number>>(new Set())
  /** Places in the order in which they were judged, for undo. */
  const [order, setOrder] = useState<readonly number[]>([])
  const sending = useCommand('review.label')

  const waiting = [...verdicts].filter(
    (entry): entry is [number, { label: Outcome }] => entry[1] !== 'skipped' && !sent.has(entry[0]),
  )

  const judge = (verdict: Verdict) => {
    if (sent.has(place)) return
    setVerdicts((before) => new Map(before).set(place, verdict))
    setOrder((before) => [...before.filter((each) => each !== place), place])
    setPlace(nextOpen(place, items.length, (each) => each !== place && !verdicts.has(each)))
  }
  const undo = () => {
    const last = order.findLast((each) => !sent.has(each))
    if (last === undefined) return
    setVerdicts((before) => new Map([...before].filter(([each]) => each !== last)))
    setOrder((before) => before.filter((each) => each !== last))
    setPlace(last)
  }
  const send = () => {
    if (waiting.length === 0 || sending.isPending) return
    const labels = waiting.map(([each, { label }]) => ({ id: items[each].sample.id, label }))
    sending.mutate(
      { deploymentId, labels },
      { onSuccess: () => setSent((before) => new Set([...before, ...waiting.map(([each]) => each)])) },
    )
  }
  return {
    place,
    goTo: (target: number) => setPlace(Math.max(0, Math.min(items.length - 1, target))),
    verdicts,
    sent,
    waiting: waiting.length,
    canUndo: order.some((each) => !sent.has(each)),
    judge,
    undo,
    send,
    isSending: sending.isPending,
    error: sending.error,
    result: sending.data ?? null,
  }
}

/** The next place that is still open, from `after` on and round to the start; the next one where none is. */
export function nextOpen(after: number, count: number, isOpen: (place: number) => boolean): number {
  for (let step = 1; step < count; step += 1) {
    const place = (after + step) % count
    if (isOpen(place)) return place
  }
  return Math.min(after + 1, count - 1)
}
