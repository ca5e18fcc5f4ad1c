import { useMemo } from 'react'
import type { DetailOf } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { curve } from '../../../charts/curve.ts'
import { formatFixed, formatPercent } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'

type Gains = NonNullable<DetailOf<'performance'>['gains']>

/** How much of what is looked for stands among the highest scores. */
export function GainsSection({ gains }: { gains: Gains }) {
  const spec = useMemo(
    () =>
      curve({
        title: 'Share of the positives caught, by share of samples looked at',
        x: { name: 'samples looked at, highest score first', format: (value) => formatPercent(value, 0) },
        y: { name: 'positives caught', format: (value) => formatPercent(value, 0), from: 0 },
        points: gains.flatMap(({ share, captured: { value, interval } }) =>
          value === null ? [] : [{ x: share, y: value, interval: interval ?? undefined }],
        ),
        reference: {
          name: 'at random',
          points: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
        },
      }),
    [gains],
  )
  const tenth = gains.find(({ share }) => Math.abs(share - 0.1) < 1e-9)
  return (
    <Section title="Gain and lift" note={tenth === undefined ? undefined : sayTenth(tenth)}>
      <Chart spec={spec} height={280} />
    </Section>
  )
}

function sayTenth({ captured, lift }: Gains[number]): string {
  const interval =
    lift.interval === null ? '' : ` (${formatFixed(lift.interval[0])} to ${formatFixed(lift.interval[1])})`
  return `The highest-scored tenth holds ${formatPercent(captured.value)} of the positives: ${formatFixed(lift.value)} times${interval} what chance would. Dashed: at random`
}
