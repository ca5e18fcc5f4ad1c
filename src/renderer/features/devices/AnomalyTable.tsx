import type { AnomalySpan } from '../../../contract/anomaly.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { DataTable, type TableColumn } from '../../widgets/DataTable.tsx'
import { formatDuration, setSentence } from '../../widgets/format.ts'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Time } from '../../widgets/Time.tsx'
import { anomaliesWithin } from './anomaly-strip.ts'

export type AnomalyTableProps = { health: DetailOf<'device'>; window: Window }

type Row = AnomalySpan & { who: string }
const together = 'all together'

/** What was unusual in the window, channel by channel and for all of them together. */
export function AnomalyTable({ health, window }: AnomalyTableProps) {
  const { channels, joint } = health
  const rows: Row[] = [
    ...channels.flatMap(({ channel, anomalies = [] }) => anomalies.map((anomaly) => ({ ...anomaly, who: channel }))),
    ...(joint?.anomalies ?? []).map((anomaly) => ({ ...anomaly, who: together })),
  ]
  const shown = rows.filter((row) => anomaliesWithin([row], window).length > 0)
  const columns: TableColumn<Row>[] = [
    { id: 'from', header: 'Since', width: 190, sortKey: ({ from }) => from, render: ({ from }) => <Time at={from} /> },
    {
      id: 'for',
      header: 'For',
      width: 96,
      align: 'right',
      sortKey: ({ from, to }) => to - from,
      render: ({ from, to }) => (to > from ? formatDuration(to - from) : 'one reading'),
    },
    {
      id: 'who',
      header: 'Channel',
      width: 170,
      sortKey: ({ who }) => who,
      title: ({ who }) => who,
      render: ({ who }) => who,
    },
    {
      id: 'score',
      header: 'Score',
      width: 80,
      align: 'right',
      hint: '0 to 1, by the readings before; from 0.5 a person should look',
      sortKey: ({ score }) => score,
      render: ({ score }) => score.toFixed(2),
    },
    { id: 'reason', header: 'Why', title: ({ reason }) => reason, render: ({ reason }) => setSentence(reason) },
  ]
  return (
    <Section
      title="Unusual readings"
      note="Each reading is judged by those before it, days and weeks learned. Worth a look, and no fault by itself."
      flush
    >
      <DataTable
        label="unusual readings"
        columns={columns}
        rows={shown}
        rowKey={({ who, from }) => `${who} ${from}`}
        initialSort={{ columnId: 'from', direction: 'descending' }}
        maxHeight={320}
        empty={<Empty title="Nothing unusual in the part of this window that was checked" />}
      />
    </Section>
  )
}
