import type { Finding } from '../../../../contract/finding.ts'
import type { Estimate } from '../../../../contract/primitives.ts'

type Points = { points: Float64Array; band: Float64Array }

/** Flat pairs and triples for a chart, at the middle of each bucket; a number that could not be computed is a gap. */
export function estimatePoints(entries: readonly { at: number; estimate: Estimate | undefined }[]): Points {
  const points = new Float64Array(entries.length * 2)
  const band = new Float64Array(entries.length * 3)
  entries.forEach(({ at, estimate }, index) => {
    const { value = null, interval = null } = estimate ?? {}
    points.set([at, value ?? Number.NaN], index * 2)
    band.set([at, interval?.[0] ?? Number.NaN, interval?.[1] ?? Number.NaN], index * 3)
  })
  return { points, band }
}

/** A monitor's answers over time, each at the end of its window. */
export function findingPoints(findings: readonly Finding[]): Points {
  const inOrder = [...findings].sort((left, right) => left.window.to - right.window.to)
  return estimatePoints(
    inOrder.map(({ window, value, n, interval }) => ({ at: window.to, estimate: { value, n, interval } })),
  )
}

/** Two flat lists of pairs as they come from the service. */
export function pairedPoints(at: readonly number[], value: readonly number[]): Float64Array {
  const points = new Float64Array(at.length * 2)
  for (let index = 0; index < at.length; index += 1) {
    points[index * 2] = at[index]
    points[index * 2 + 1] = value[index]
  }
  return points
}
