import Box from '@mui/material/Box'
import { useMemo } from 'react'
import type { ThresholdSweep } from '../../../../contract/performance-detail.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { curve } from '../../../charts/curve.ts'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatFixed, formatNumber } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import { type Costs, recost } from './recost.ts'

export type EnteredCosts = { falsePositive: number | null; falseNegative: number | null }

/** Where to call positive, given what a false alarm and a miss cost. */
export function ThresholdSection({
  sweep,
  entered,
  onEnter,
}: {
  sweep: ThresholdSweep
  entered: EnteredCosts
  onEnter: (costs: EnteredCosts) => void
}) {
  const falsePositive = usable(entered.falsePositive) ?? sweep.costs.falsePositive
  const falseNegative = usable(entered.falseNegative) ?? sweep.costs.falseNegative
  const isAsked = falsePositive === sweep.costs.falsePositive && falseNegative === sweep.costs.falseNegative
  const { points, best } = useMemo(
    () => recost(sweep, { falsePositive, falseNegative }),
    [sweep, falsePositive, falseNegative],
  )
  const spec = useMemo(
    () =>
      curve({
        title: 'Cost a sample by threshold',
        x: { name: 'threshold', format: (value) => formatFixed(value) },
        y: { name: 'cost a sample', from: 0 },
        points: points.map(({ threshold, cost }) => ({ x: threshold, y: cost })),
        ...spanOf(sweep, isAsked, best?.threshold ?? null),
      }),
    [points, best, sweep, isAsked],
  )
  return (
    <Section
      title="Where to call positive"
      note={
        isAsked
          ? 'Shaded: thresholds that these samples cannot tell from the best one'
          : 'At the costs entered; ask about this window again for the interval of the best threshold'
      }
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', pt: 0.5, pb: 1.5 }}>
        <CostField
          label="Cost of a false positive"
          value={falsePositive}
          onChange={(value) => onEnter({ ...entered, falsePositive: value })}
        />
        <CostField
          label="Cost of a false negative"
          value={falseNegative}
          onChange={(value) => onEnter({ ...entered, falseNegative: value })}
        />
        {isAsked ? <Answered sweep={sweep} /> : <Recosted best={best} costs={{ falsePositive, falseNegative }} />}
      </Box>
      <Chart spec={spec} height={240} />
    </Section>
  )
}

const usable = (cost: number | null) => (cost !== null && cost >= 0 && cost <= 1e9 ? cost : null)

function CostField({
  label,
  value,
  onChange,
}: {
  label: string
  value: number
  onChange: (value: number | null) => void
}) {
  return <NumberField label={label} value={value} onChange={onChange} sx={{ width: 170 }} />
}

function Answered({ sweep: { best, bestCost, currentCost } }: { sweep: ThresholdSweep }) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 3 }}>
      <Estimate variant="figure" label="Best threshold" estimate={best} hideCount />
      <Estimate variant="figure" label="Cost a sample there" estimate={bestCost} hideCount />
      <Estimate variant="figure" label="Cost a sample now" estimate={currentCost} hideCount />
    </Box>
  )
}

function Recosted({ best, costs }: { best: ReturnType<typeof recost>['best']; costs: Costs }) {
  if (best === null) return null
  return (
    <Box sx={{ typography: 'body2' }}>
      {`Least at ${formatFixed(best.threshold, 3)}: ${formatNumber(best.cost)} a sample, from ${formatCount(best.falsePositives)} false positives at ${formatNumber(costs.falsePositive)} and ${formatCount(best.falseNegatives)} false negatives at ${formatNumber(costs.falseNegative)}`}
    </Box>
  )
}

function spanOf({ best }: ThresholdSweep, isAsked: boolean, recosted: number | null) {
  if (!isAsked)
    return recosted === null
      ? {}
      : { span: { from: recosted, to: recosted, mark: recosted, label: `Least at ${formatFixed(recosted, 3)}` } }
  if (best.value === null || best.interval === null) return {}
  const [from, to] = best.interval
  return {
    span: {
      from,
      to,
      mark: best.value,
      label: `Least at ${formatFixed(best.value, 3)} (${formatFixed(from, 3)} to ${formatFixed(to, 3)})`,
    },
  }
}
