import type { ThresholdSweep } from '../../../../contract/performance-detail.ts'

export type Costs = ThresholdSweep['costs']
export type CostedPoint = ThresholdSweep['points'][number]

/** The sweep under other costs: what each threshold would cost, and where it is least (the lowest of equals). */
export function recost({ points }: ThresholdSweep, costs: Costs): { points: CostedPoint[]; best: CostedPoint | null } {
  let best: CostedPoint | null = null
  const costed = points.map((point) => {
    const { truePositives, falsePositives, trueNegatives, falseNegatives } = point
    const n = truePositives + falsePositives + trueNegatives + falseNegatives
    const cost = (falsePositives * costs.falsePositive + falseNegatives * costs.falseNegative) / n
    const now = { ...point, cost }
    if (best === null || cost < best.cost) best = now
    return now
  })
  return { points: costed, best }
}
