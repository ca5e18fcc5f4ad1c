import Box from '@mui/material/Box'
import FormControlLabel from '@mui/material/FormControlLabel'
import Pagination from '@mui/material/Pagination'
import Switch from '@mui/material/Switch'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Device } from '../../../contract/device.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { DetailOf } from '../../../contract/report.ts'
import type { SensorFault } from '../../../contract/sensor-fault.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Answer } from '../shared/Answer.tsx'
import { AnomalyStrip } from './AnomalyStrip.tsx'
import { ChannelChart } from './ChannelChart.tsx'
import { WindowSteps } from './WindowSteps.tsx'

export type TelemetryProps = {
  device: Device
  health: DetailOf<'device'> | null
  window: Window
  onWindow: (window: Window) => void
}

const perPage = 12
const settleMs = 350

/** All channels one above the other on one time axis with one cursor. */
export function Telemetry({ device, health, window, onWindow }: TelemetryProps) {
  const [page, setPage] = useState(1)
  const [showsWholeRange, setShowsWholeRange] = useState(false)
  const pages = Math.ceil(device.channels.length / perPage)
  const shown = device.channels.slice((page - 1) * perPage, page * perPage)
  const query = useQueryMethod(
    'telemetry.series',
    { deviceId: device.id, channels: shown.map(({ name }) => name), window, maxPoints: 1200 },
    {
      enabled: shown.length > 0,
      keepsPrevious: true,
      follows: { data: ['telemetry'], target: device.id },
    },
  )
  const faultsOf = useMemo(() => faultsByChannel(health), [health])
  const zoom = useSettled(onWindow)
  return (
    <Section
      title="Telemetry"
      note="Dashed: declared range and limit. Shaded: gaps and sensor faults. Strip: how unusual, alarms solid. Ctrl and the wheel zoom; finer data is then asked for."
      actions={
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
          <FormControlLabel
            control={
              <Switch
                size="small"
                checked={showsWholeRange}
                onChange={(event) => setShowsWholeRange(event.target.checked)}
              />
            }
            label="Whole range"
            slotProps={{ typography: { variant: 'body2' } }}
          />
          <WindowSteps window={window} onWindow={onWindow} />
        </Box>
      }
    >
      {shown.length === 0 ? (
        <Empty
          title="No channel is known yet"
          hint="Channels appear with the first telemetry, or are declared below."
        />
      ) : (
        <Answer query={query} label="telemetry" rows={8}>
          {(answers) => (
            <Box aria-busy={query.isPlaceholderData || undefined}>
              {answers.map((series) => (
                <ChannelChart
                  key={series.channel}
                  series={series}
                  channel={device.channels.find(({ name }) => name === series.channel) ?? null}
                  health={health?.channels.find(({ channel }) => channel === series.channel) ?? null}
                  faults={faultsOf.get(series.channel) ?? noFaults}
                  window={window}
                  showsWholeRange={showsWholeRange}
                  onZoom={zoom}
                />
              ))}
              {health?.joint !== undefined && (
                <Box
                  component="section"
                  aria-label="All channels together"
                  sx={{ py: 1, borderTop: 1, borderColor: 'divider' }}
                >
                  <Box sx={{ typography: 'body2', pb: 0.5 }}>
                    All channels together
                    <Box component="span" sx={{ color: 'text.secondary', ml: 1 }}>
                      how far they part from going as they used to
                    </Box>
                  </Box>
                  <AnomalyStrip
                    label="All channels together"
                    course={health.joint.course}
                    anomalies={health.joint.anomalies}
                    window={window}
                  />
                </Box>
              )}
            </Box>
          )}
        </Answer>
      )}
      {pages > 1 && (
        <Pagination
          count={pages}
          page={page}
          onChange={(_, chosen) => setPage(chosen)}
          size="small"
          aria-label="Pages of channels"
        />
      )}
    </Section>
  )
}

const noFaults: readonly SensorFault[] = []

/** A fault of the whole device is one of each of its channels. */
function faultsByChannel(health: DetailOf<'device'> | null): Map<string, readonly SensorFault[]> {
  const { channels = [], faults = [] } = health ?? {}
  return new Map(
    channels.map(({ channel }) => [
      channel,
      faults.filter((fault) => fault.channels.length === 0 || fault.channels.includes(channel)),
    ]),
  )
}

/** Calls once a hand has come to rest: a zoom tells of itself many times, and once for each chart. */
function useSettled(call: (window: Window) => void): (window: Window) => void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current)
    },
    [],
  )
  return (window) => {
    if (timer.current !== null) clearTimeout(timer.current)
    timer.current = setTimeout(() => call(window), settleMs)
  }
}
