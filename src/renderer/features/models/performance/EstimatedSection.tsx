import Box from '@mui/material/Box'
import type { EstimatedPerformance } from '../../../../contract/performance-detail.ts'
import type { Estimate as EstimateValue } from '../../../../contract/primitives.ts'
import { DataTable } from '../../../widgets/DataTable.tsx'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatInstant, formatSigned } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { metricWord } from '../../shared/words.ts'
import { sayRecord } from './say-record.ts'

/** What performance is without waiting for labels, and how far such estimates have been right. */
export function EstimatedSection({
  estimated,
  realised,
}: {
  estimated: EstimatedPerformance
  /** From the labels of the same window. */
  realised: Readonly<Record<string, EstimateValue>>
}) {
  const { metrics, ledger, leading, isSuspended, note } = estimated
  return (
    <Section
      title="Estimated without labels"
      note={note}
      actions={
        isSuspended ? (
          <Status status="warning" label="Suspended" />
        ) : (
          <Status status={ledger.scored === 0 ? 'unknown' : 'ok'} label={sayRecord(estimated, null)} />
        )
      }
    >
      <Box sx={{ typography: 'body2', pb: 1.5 }}>{sayRecord(estimated, realised[leading] ?? null, true)}</Box>
      <Box
        sx={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))',
          gap: 3,
          opacity: isSuspended ? 0.6 : 1,
        }}
      >
        {Object.entries(metrics).map(([name, estimate]) => (
          <Estimate
            key={name}
            variant="figure"
            label={`${metricWord('performance', name)}, estimated`}
            estimate={estimate}
          />
        ))}
      </Box>
      {ledger.entries.length > 0 && (
        <Box sx={{ mx: -2, mt: 2, mb: -2, borderTop: 1, borderColor: 'divider' }}>
          <DataTable
            label="Estimates and the labels that came since"
            rows={ledger.entries}
            rowKey={({ window }) => String(window.to)}
            columns={[
              {
                id: 'window',
                header: 'Window (UTC)',
                minWidth: 300,
                render: ({ window }) => `${formatInstant(window.from)} to ${formatInstant(window.to)}`,
                sortKey: ({ window }) => window.to,
              },
              {
                id: 'estimated',
                header: 'Estimated',
                minWidth: 170,
                render: (row) => <Estimate estimate={row.estimated} hideCount />,
              },
              {
                id: 'realised',
                header: 'By labels',
                minWidth: 230,
                render: (row) => <Estimate estimate={row.realised} />,
              },
              {
                id: 'gap',
                header: 'Off by',
                align: 'right',
                width: 90,
                render: ({ estimated: { value }, realised: { value: truth } }) =>
                  value === null || truth === null ? '–' : formatSigned(Number((value - truth).toFixed(4))),
              },
              {
                id: 'agrees',
                header: 'Agrees',
                width: 110,
                render: ({ agrees }) => <Status status={agrees ? 'ok' : 'warning'} label={agrees ? 'Yes' : 'No'} />,
              },
            ]}
          />
        </Box>
      )}
    </Section>
  )
}
