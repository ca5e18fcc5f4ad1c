import Box from '@mui/material/Box'
import type { ReactNode } from 'react'
import type { MultivariateDrift } from '../../../../contract/drift-detail.ts'
import type { Status as FindingStatus } from '../../../../contract/primitives.ts'
import { Estimate } from '../../../widgets/Estimate.tsx'
import { formatCount, formatFixed, formatNumber, formatPercent, formatPValue } from '../../../widgets/format.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Status } from '../../../widgets/Status.tsx'

/** What the columns show together that none shows alone: a classifier, and the relations between them. */
export function TogetherSection({ together }: { together: MultivariateDrift }) {
  const { domainClassifier, reconstruction, rows, columns } = together
  return (
    <Section
      title="All columns together"
      note={`${formatCount(columns.length)} columns, ${formatCount(rows.current)} rows of the window against ${formatCount(rows.reference)} of the reference`}
    >
      <Box sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '1fr 1fr' } }}>
        <Part status={domainClassifier.status} sentence={domainClassifier.sentence}>
          <KeyValue
            items={[
              { label: 'ROC AUC on unseen rows', value: <Estimate estimate={domainClassifier.auc} /> },
              { label: 'Limit', value: formatNumber(domainClassifier.threshold) },
              { label: 'Rank sums', value: pText(domainClassifier) },
              ...domainClassifier.top.map(({ column, importance }) => ({
                label: column,
                value: `${formatFixed(importance, 3)} of the area`,
              })),
            ]}
          />
        </Part>
        <Part status={reconstruction.status} sentence={reconstruction.sentence}>
          <KeyValue
            items={[
              {
                label: 'Components',
                value: `${formatCount(reconstruction.components)}, explaining ${formatPercent(reconstruction.explained)}`,
              },
              { label: 'Error of the window', value: <Estimate estimate={reconstruction.current} /> },
              { label: 'Error of the reference', value: <Estimate estimate={reconstruction.reference} /> },
              { label: 'Shift in deviations', value: <Estimate estimate={reconstruction.shift} /> },
              { label: 'Limit', value: formatNumber(reconstruction.threshold) },
              { label: 'Welch', value: pText(reconstruction) },
            ]}
          />
        </Part>
      </Box>
    </Section>
  )
}

const pText = ({ pValue, adjustedPValue }: { pValue: number | null; adjustedPValue: number | null }) =>
  `p ${formatPValue(pValue)}, adjusted ${formatPValue(adjustedPValue)}`

function Part({ status, sentence, children }: { status: FindingStatus; sentence: string; children: ReactNode }) {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Status status={status} />
      <Box component="p" sx={{ typography: 'body2', my: 1 }}>
        {sentence}
      </Box>
      {children}
    </Box>
  )
}
