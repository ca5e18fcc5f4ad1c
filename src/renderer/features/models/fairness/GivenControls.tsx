import type { DetailOf } from '../../../../contract/report.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatPercent } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { metricWord } from '../../shared/words.ts'
import { sayGroup } from './group-words.ts'

type Detail = DetailOf<'fairness'>
type Control = NonNullable<Detail['control']>
type Level = Control['levels'][number]

const measuresShown = [
  'demographicParityDifference',
  'equalizedOddsDifference',
  'predictiveParityDifference',
  'accuracyDifference',
  'maeDifference',
  'biasDifference',
  'withinToleranceDifference',
  'meanPredictionDifference',
]

/** What is left of the gaps when rows alike in what is controlled for are compared. */
export function GivenControls({ control, measures }: { control: Control; measures: Detail['measures'] }) {
  const given = control.columns.join(' and ')
  const left = control.leftOut > 0 ? `; ${formatCount(control.leftOut)} further levels are left out` : ''
  return (
    <>
      <Section
        title={`Given ${given}`}
        note={`Groups compared within each level of ${given}, and the contrasts combined (Mantel–Haenszel), on ${formatPercent(control.coveredShare)} of their rows${left}`}
        flush
      >
        <DataTable
          label={`Fairness measures given ${given}`}
          rows={Object.keys(control.combined)}
          rowKey={(name) => name}
          columns={[
            { id: 'name', header: 'Measure', title: (name) => name, render: (name) => metricWord('fairness', name) },
            {
              id: 'given',
              header: `Given ${given}`,
              render: (name) => <Estimate estimate={control.combined[name]} hideCount />,
            },
            {
              id: 'all',
              header: 'Over all rows',
              render: (name) => measures[name] && <Estimate estimate={measures[name]} hideCount />,
            },
          ]}
        />
      </Section>
      <Section
        title={`Within each level of ${given}`}
        note="Largest gaps between the groups that are judged there"
        flush
      >
        <DataTable
          label={`Fairness measures within each level of ${given}`}
          rows={control.levels}
          rowKey={({ level }) => sayGroup(level)}
          columns={[
            {
              id: 'level',
              header: 'Level',
              sortKey: ({ level }) => sayGroup(level),
              render: ({ level }) => sayGroup(level),
            },
            {
              id: 'n',
              header: 'n',
              align: 'right',
              width: 80,
              sortKey: ({ n }) => n,
              render: ({ n }) => formatCount(n),
            },
            ...measuresShown
              .filter((name) => Object.hasOwn(control.combined, name))
              .map(
                (name): TableColumn<Level> => ({
                  id: name,
                  header: metricWord('fairness', name),
                  sortKey: (row) => row.measures[name]?.value ?? null,
                  render: (row) => row.measures[name] && <Estimate estimate={row.measures[name]} hideCount />,
                }),
              ),
          ]}
        />
      </Section>
    </>
  )
}
