import { useMemo } from 'react'
import type { DetailOf } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { intervalBars, intervalBarsHeight } from '../../../charts/interval-bars.ts'
import { Section } from '../../../widgets/Section.tsx'
import { sayGroup } from './group-words.ts'

/** Selection of each group as a multiple of the privileged group's: disparate impact. */
export function PrivilegedRatios({ impact }: { impact: NonNullable<DetailOf<'fairness'>['disparateImpact']> }) {
  const { ratios, privileged, isNamed } = impact
  const spec = useMemo(
    () =>
      intervalBars({
        measure: 'Selection ratio',
        rows: ratios.map(({ group, ratio }) => ({
          name: sayGroup(group),
          estimate: ratio,
          reference: 1,
          breach: ratio.interval !== null && ratio.interval[1] < fourFifths,
        })),
        limits: [{ value: fourFifths, label: 'four fifths' }],
      }),
    [ratios],
  )
  return (
    <Section
      title={`Selection against ${sayGroup(privileged)}`}
      note={`Disparate impact: each group's selection rate over that of ${isNamed ? 'the group chosen' : 'the largest group'}; the intervals hold together. Four fifths is a rule of thumb, not a proof of either`}
    >
      <Chart spec={spec} height={intervalBarsHeight(ratios.length)} />
    </Section>
  )
}

const fourFifths = 0.8
