import Box from '@mui/material/Box'
import { useMemo } from 'react'
import type { Channel } from '../../../contract/device.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { SensorFault } from '../../../contract/sensor-fault.ts'
import { Chart } from '../../charts/Chart.tsx'
import { absent, formatCount, formatValue, setSentence } from '../../widgets/format.ts'
import { StatusShape, statusWord } from '../../widgets/Status.tsx'
import { AnomalyStrip } from './AnomalyStrip.tsx'
import { type ChannelHealth, channelChart, type Series } from './channel-chart.ts'

export type ChannelChartProps = {
  series: Series
  channel: Channel | null
  health: ChannelHealth | null
  faults: readonly SensorFault[]
  window: Window
  showsWholeRange: boolean
  onZoom: (window: Window) => void
}

/** One small multiple: the channel's name and newest value, what is wrong with it, and its course on the shared axis. */
export function ChannelChart({ series, channel, health, faults, window, showsWholeRange, onZoom }: ChannelChartProps) {
  const spec = useMemo(
    () => channelChart({ series, channel, health, faults, window, showsWholeRange }),
    [series, channel, health, faults, window, showsWholeRange],
  )
  const remarks = [...(health?.problems ?? []), health?.trend?.sentence ?? ''].filter((text) => text !== '')
  const status = health?.status ?? 'unknown'
  return (
    <Box component="section" aria-label={series.channel} sx={{ py: 1, borderTop: 1, borderColor: 'divider' }}>
      <Box sx={{ display: 'flex', alignItems: 'baseline', gap: 1, pr: 4, typography: 'body2' }}>
        <Box sx={{ alignSelf: 'center' }} title={statusWord(status)}>
          <StatusShape status={status} />
        </Box>
        <Box component="h3" sx={{ m: 0, fontSize: 'inherit', fontWeight: 620 }}>
          {series.channel}
        </Box>
        <span>{health?.last == null ? absent : formatValue(health.last.value, series.unit)}</span>
        <Box component="span" sx={{ color: 'text.secondary', minWidth: 0, flex: 1 }}>
          {remarks.length > 0 ? setSentence(remarks.join(' ')) : statusWord(status)}
        </Box>
        <Box component="span" sx={{ color: 'text.secondary', typography: 'caption', whiteSpace: 'nowrap' }}>
          {`${formatCount(series.points)} points${series.isDownsampled ? ', peaks kept' : ''}`}
        </Box>
      </Box>
      {series.points === 0 ? (
        <Box sx={{ py: 2, color: 'text.secondary', typography: 'body2' }}>No values in this window.</Box>
      ) : (
        <>
          <Chart spec={spec} height={118} group="device-telemetry" onZoom={onZoom} />
          {health?.course !== undefined && (
            <AnomalyStrip
              label={`${series.channel}, how unusual`}
              course={health.course}
              anomalies={health.anomalies ?? []}
              window={window}
            />
          )}
        </>
      )}
    </Box>
  )
}
