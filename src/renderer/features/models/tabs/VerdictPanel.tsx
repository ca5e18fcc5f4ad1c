import Box from '@mui/material/Box'
import type { PanelVerdict } from '../../../../contract/drift-detail.ts'
import type { DriftFeature } from '../../../../contract/report.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { formatNumber, formatPValue } from '../../../widgets/format.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Status, type StatusKind } from '../../../widgets/Status.tsx'

const words: Record<PanelVerdict['verdict'], { status: StatusKind; word: string }> = {
  drift: { status: 'breach', word: 'Drift' },
  possible: { status: 'warning', word: 'Possible' },
  'no drift': { status: 'ok', word: 'No drift' },
  none: { status: 'insufficient', word: 'No number' },
}

const numberOf = ({ measure }: PanelVerdict, value: number | null) =>
  / p( |$)/.test(measure) ? formatPValue(value) : formatNumber(value)

const columns: TableColumn<PanelVerdict>[] = [
  { id: 'rule', header: 'Default rule of', width: 124, sortKey: ({ rule }) => rule, render: ({ rule }) => rule },
  {
    id: 'verdict',
    header: 'Verdict',
    width: 116,
    sortKey: ({ verdict }) => verdict,
    render: ({ verdict }) => <Status status={words[verdict].status} label={words[verdict].word} />,
  },
  {
    id: 'measure',
    header: 'Number',
    width: 190,
    render: ({ measure }) => <Wrapped>{measure}</Wrapped>,
  },
  {
    id: 'value',
    header: 'Value',
    align: 'right',
    width: 84,
    sortKey: ({ value }) => value,
    render: (each) => numberOf(each, each.value),
  },
  {
    id: 'fires',
    header: 'Fires',
    width: 132,
    render: ({ firesWhen, threshold }) => `${firesWhen} ${formatNumber(threshold)}`,
  },
  {
    id: 'why',
    header: 'Why',
    minWidth: 260,
    render: ({ sentence }) => <Wrapped>{sentence}</Wrapped>,
  },
]

/** Why tools disagree is what a person came to read: it is never cut. */
function Wrapped({ children }: { children: string }) {
  return <Box sx={{ whiteSpace: 'normal', lineHeight: 1.35, py: 0.75 }}>{children}</Box>
}

/** The same two samples under the default rules of other tools, and why they disagree. */
export function VerdictPanel({ feature }: { feature: DriftFeature }) {
  const { panel, isExact, name } = feature
  if (panel === undefined)
    return (
      <Section title={`${name} by the rules of other tools`}>
        <Box component="p" sx={{ typography: 'body2', m: 0 }}>
          {isExact
            ? 'Monitors do not compute them: ask about this window to lay them beside this verdict.'
            : 'They need samples, and this answer is from profiles: ask about a shorter window.'}
        </Box>
      </Section>
    )
  return (
    <Section title={`${name} by the rules of other tools`} note={panel.sentence} flush>
      <DataTable
        label={`${name} by the rules of other tools`}
        columns={columns}
        rows={panel.rules}
        rowKey={({ rule }) => rule}
        rowHeight={50}
        maxHeight={520}
      />
    </Section>
  )
}
