import Box from '@mui/material/Box'
import { useMemo, useState } from 'react'
import type { DetailOf } from '../../../../contract/report.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { reliability } from '../../../charts/reliability.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatNumber } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Choice } from '../trends/Choice.tsx'
import { sayGroup } from './group-words.ts'

type Group = NonNullable<DetailOf<'fairness'>['calibration']>[number]

/** Whether a score of 0.8 means the same for everybody. */
export function CalibrationByGroup({ groups }: { groups: Group[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const labelled = groups.filter(({ n }) => n > 0)
  const shown = labelled.find(({ group }) => sayGroup(group) === chosen) ?? labelled[0]
  const spec = useMemo(
    () =>
      shown === undefined
        ? null
        : reliability(shown.bins.map(({ observed, ...bin }) => ({ ...bin, observed: observed.value ?? 0 }))),
    [shown],
  )
  if (shown === undefined || spec === null) return null
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        alignItems: 'start',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1.6fr) minmax(340px, 1fr)' },
      }}
    >
      <Section
        title="Calibration by group"
        note="Observed less score: above 0 the scores of a group are too low, below 0 too high"
        flush
      >
        <DataTable
          label="Calibration by group"
          rows={groups}
          rowKey={({ group }) => sayGroup(group)}
          onRowOpen={({ group }) => setChosen(sayGroup(group))}
          columns={[
            { id: 'group', header: 'Group', render: ({ group }) => sayGroup(group) },
            {
              id: 'n',
              header: 'Labelled scores',
              align: 'right',
              width: 136,
              sortKey: ({ n }) => n,
              render: ({ n }) => formatCount(n),
            },
            {
              id: 'bias',
              header: 'Observed less score',
              minWidth: 190,
              sortKey: ({ bias }) => bias.value,
              render: ({ bias }) => <Estimate estimate={bias} hideCount />,
            },
            {
              id: 'error',
              header: 'Expected error',
              align: 'right',
              width: 136,
              sortKey: ({ expectedError }) => expectedError,
              render: ({ expectedError }) => formatNumber(expectedError),
            },
          ]}
        />
      </Section>
      <Section
        title={`Scores of ${sayGroup(shown.group)}`}
        note="Mean score against the observed share"
        actions={
          <Choice
            label="Group"
            value={sayGroup(shown.group)}
            options={labelled.map(({ group }) => [sayGroup(group), sayGroup(group)])}
            onChange={setChosen}
          />
        }
      >
        <Chart spec={spec} height={250} />
      </Section>
    </Box>
  )
}
