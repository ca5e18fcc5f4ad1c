import { useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import type { Channel } from '../../../contract/device.ts'
import type { HealthScore } from '../../../contract/health-score.ts'
import type { DetailOf } from '../../../contract/report.ts'
import { DataTable, type TableColumn } from '../../widgets/DataTable.tsx'
import { absent, formatDuration, formatNumber } from '../../widgets/format.ts'
import { Section } from '../../widgets/Section.tsx'
import { Status } from '../../widgets/Status.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { ChannelDialog } from './ChannelDialog.tsx'

type Source = OutputOf<'devices.get'>['device']
export type ChannelTableProps = {
  source: Source
  health: DetailOf<'device'> | null
  onReload: () => Promise<Source | null>
}

/** `100 − 25 (silent for 6 hours) − 2 (…)` */
const partsOf = (score: HealthScore | undefined) =>
  score === undefined
    ? 'Not judged yet'
    : `100${score.parts.map(({ lost, sentence }) => ` − ${formatNumber(lost)} (${sentence})`).join('')}`

/** What is declared of each channel, beside what was seen of it. */
export function ChannelTable({ source, health, onReload }: ChannelTableProps) {
  // Undefined: no dialog; null: a new channel.
  const [edited, setEdited] = useState<string | null | undefined>(undefined)
  const healthOf = ({ name }: Channel) => health?.channels.find(({ channel }) => channel === name) ?? null
  const columns: TableColumn<Channel>[] = [
    {
      id: 'name',
      header: 'Channel',
      sortKey: ({ name }) => name,
      title: ({ name }) => name,
      render: ({ name }) => name,
    },
    {
      id: 'status',
      header: 'Status',
      width: 116,
      sortKey: (channel) => healthOf(channel)?.status,
      render: (channel) => <Status status={healthOf(channel)?.status ?? 'unknown'} />,
    },
    {
      id: 'score',
      header: 'Health',
      width: 84,
      align: 'right',
      hint: '100 less what silence, standing still, refused readings, shifts and nearing limits take; a row says which',
      sortKey: (channel) => healthOf(channel)?.score?.value,
      title: (channel) => partsOf(healthOf(channel)?.score),
      render: (channel) => {
        const score = healthOf(channel)?.score
        return score === undefined ? absent : formatNumber(score.value)
      },
    },
    {
      id: 'median',
      header: 'Median',
      width: 110,
      align: 'right',
      hint: 'Robust: half of the values lie below',
      render: (channel) => formatNumber(healthOf(channel)?.median),
    },
    { id: 'unit', header: 'Unit', width: 72, render: ({ unit }) => unit || absent },
    {
      id: 'range',
      header: 'Declared range',
      width: 140,
      align: 'right',
      render: ({ range }) => (range === null ? absent : `${formatNumber(range[0])} to ${formatNumber(range[1])}`),
    },
    {
      id: 'limit',
      header: 'Limit',
      width: 110,
      align: 'right',
      render: ({ limit }) =>
        limit === null ? absent : `${limit.direction === 'above' ? '≤' : '≥'} ${formatNumber(limit.value)}`,
    },
    {
      id: 'expected',
      header: 'Expected every',
      width: 118,
      align: 'right',
      render: ({ expectedEveryMs }) => formatDuration(expectedEveryMs),
    },
    {
      id: 'stuck',
      header: 'Stuck after',
      width: 104,
      align: 'right',
      render: ({ stuckAfterMs }) => formatDuration(stuckAfterMs),
    },
    {
      id: 'edit',
      header: 'Change',
      width: 104,
      align: 'right',
      render: ({ name }) => (
        <GuardedButton
          method="devices.save"
          aria-label={`Edit channel ${name}`}
          sx={{ minHeight: 26, py: 0 }}
          onClick={() => setEdited(name)}
        >
          Edit
        </GuardedButton>
      ),
    },
  ]
  return (
    <Section
      title="Channels"
      flush
      actions={
        <GuardedButton method="devices.save" variant="outlined" onClick={() => setEdited(null)}>
          Declare a channel
        </GuardedButton>
      }
    >
      <DataTable
        label="channels"
        columns={columns}
        rows={source.record.channels}
        rowKey={({ name }) => name}
        maxHeight={420}
      />
      {edited !== undefined && (
        <ChannelDialog source={source} channelName={edited} onReload={onReload} onClose={() => setEdited(undefined)} />
      )}
    </Section>
  )
}
