import { countBetweenEdges, doaneEdges } from '../../stats/bounded-histogram.ts'
import { jensenShannonDistance } from '../../stats/divergences.ts'
import type { SortedSample } from '../../stats/sorted-sample.ts'
import type { Counts } from './samples.ts'

/*
 * How NannyML (0.13.1) measures two samples of a column when nothing is set. Written from its documented behaviour, so that its
 * verdict can stand beside ours.
 */

/** Edges that it lays over the reference of a numeric column. */
export const edgesAsNannyml = doaneEdges

/** Counts between the reference's edges; what lies outside them has a bin of its own on the current side. */
export function countAsNannyml(
  reference: SortedSample,
  current: SortedSample,
  edges = edgesAsNannyml(reference),
): Counts {
  if (edges.length < 2) return { reference: [], current: [] }
  const now = countBetweenEdges(current, edges)
  return {
    reference: [...countBetweenEdges(reference, edges).counts, 0],
    current: [...now.counts, now.outside],
  }
}

/** Jensen–Shannon distance in base 2, its default measure for both types. */
export function jensenShannonAsNannyml({ reference, current }: Counts): number | null {
  return jensenShannonDistance(reference, current)
}
