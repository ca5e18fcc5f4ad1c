import type { DetailOf } from '../../../../contract/report.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { absent, formatCount, formatNumber, formatPercent } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { sayGroup, sayMetric } from './group-words.ts'

type Power = NonNullable<DetailOf<'fairness'>['power']>

/** How many rows it takes to find a difference that matters: a gap nobody found may only not have been seen. */
export function GroupNeed({ power, numbers }: Pick<DetailOf<'fairness'>, 'numbers'> & { power: Power }) {
  const { difference, power: chance, rates, comparisons } = power
  return (
    <Section
      title="Could a gap have been seen?"
      note={`To find a difference of ${formatNumber(difference)}${numbers?.matters ? ` (of amounts: ${formatNumber(difference)} deviations of the ${numbers.deviationOf}, which is ${formatNumber(numbers.matters)})` : ''} between two groups in ${formatPercent(chance)} of cases, over ${formatCount(comparisons)} ${comparisons === 1 ? 'comparison' : 'comparisons'}`}
      flush
    >
      <DataTable
        label="Rows that groups need"
        rows={rates}
        rowKey={({ metric }) => metric}
        columns={[
          {
            id: 'status',
            header: 'Enough',
            width: 130,
            render: ({ neededN, short }) =>
              neededN === null || short.length > 0 ? (
                <Status status="insufficient" label={neededN === null ? 'Unknown' : 'Too few'} />
              ) : (
                <Status status="ok" label="Enough" />
              ),
          },
          { id: 'metric', header: numbers ? 'Measure' : 'Rate', render: ({ metric }) => sayMetric(metric) },
          {
            id: 'n',
            header: 'Needed a group',
            align: 'right',
            width: 140,
            render: ({ neededN }) => (neededN === null ? absent : formatCount(neededN)),
          },
          {
            id: 'rows',
            header: 'In rows',
            align: 'right',
            width: 100,
            render: ({ neededRows }) => (neededRows === null ? absent : formatCount(neededRows)),
          },
          {
            id: 'short',
            header: 'Groups that have fewer',
            title: ({ short }) => short.map(({ group, n }) => `${sayGroup(group)}: ${formatCount(n)}`).join('; '),
            render: ({ short }) =>
              short.length === 0
                ? absent
                : short
                    .slice(0, 4)
                    .map(({ group, n }) => `${sayGroup(group)} (${formatCount(n)})`)
                    .join('; ') + (short.length > 4 ? ` and ${short.length - 4} more` : ''),
          },
        ]}
      />
    </Section>
  )
}
