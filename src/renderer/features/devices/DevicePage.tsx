import Box from '@mui/material/Box'
import { useState } from 'react'
import { useParams } from 'react-router'
import type { Window } from '../../../contract/primitives.ts'
import { useJobCommand } from '../../data/jobs.ts'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useWindow } from '../../data/use-window.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Progress } from '../../widgets/Progress.tsx'
import { ErrorState } from '../../widgets/States.tsx'
import { WindowPicker } from '../../widgets/WindowPicker.tsx'
import { Answer } from '../shared/Answer.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { AnomalyTable } from './AnomalyTable.tsx'
import { ChannelTable } from './ChannelTable.tsx'
import { DeviceAlerts } from './DeviceAlerts.tsx'
import { DeviceDialog } from './DeviceDialog.tsx'
import { DeviceFacts } from './DeviceFacts.tsx'
import { Telemetry } from './Telemetry.tsx'

/** One device: is it well, what is wrong with which channel since when, and what it feeds. */
export function DevicePage() {
  const { deviceId = '' } = useParams()
  const target = { type: 'device' as const, id: deviceId }
  const device = useQueryMethod(
    'devices.get',
    { id: deviceId },
    { follows: { records: ['device', 'deployment', 'alert'], data: ['findings', 'telemetry'], target: deviceId } },
  )
  const report = useQueryMethod(
    'reports.latest',
    { kind: 'device', target },
    { follows: { data: ['findings'], target: deviceId } },
  )
  const [choice, setChoice] = useWindow('24h')
  const [isEditing, setIsEditing] = useState(false)
  const check = useJobCommand('reports.run')
  const nowAt = useNow()
  const detail = report.data?.report.detail
  const health = detail?.kind === 'device' ? detail : null
  const setWindow = (window: Window) => setChoice({ preset: 'custom', window })
  const reload = async () => (await device.refetch()).data?.device ?? null

  return (
    <>
      <PageHeader
        title={device.data?.device.record.name ?? 'Device'}
        context={<PathLink to={pathTo.devices()}>Devices</PathLink>}
        actions={
          <>
            <WindowPicker value={choice} onChange={setChoice} now={Date.now} />
            <GuardedButton
              method="reports.run"
              variant="outlined"
              whyNot={check.isBusy ? 'It is being checked' : null}
              onClick={() => check.start({ kind: 'device', target, window: choice.window })}
            >
              Check this window
            </GuardedButton>
            <GuardedButton
              method="devices.save"
              variant="outlined"
              whyNot={device.data === undefined ? 'It is not loaded yet' : null}
              onClick={() => setIsEditing(true)}
            >
              Edit
            </GuardedButton>
          </>
        }
      />
      <Answer query={device} label="device" rows={10}>
        {(data) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...data.health.headline} />
            {check.isBusy && (
              <Progress
                label="Checking device health"
                done={check.job?.progress ?? null}
                detail={check.job?.message}
                onCancel={check.cancel}
              />
            )}
            {check.problem !== null && <ErrorState title="Device health was not checked" message={check.problem} />}
            <DeviceAlerts deviceId={deviceId} nowAt={nowAt} />
            <Telemetry device={data.device.record} health={health} window={choice.window} onWindow={setWindow} />
            {health !== null && <AnomalyTable health={health} window={choice.window} />}
            <ChannelTable source={data.device} health={health} onReload={reload} />
            <DeviceFacts answer={data} report={report.data ?? null} nowAt={nowAt} />
            {isEditing && <DeviceDialog source={data.device} onReload={reload} onClose={() => setIsEditing(false)} />}
          </Box>
        )}
      </Answer>
    </>
  )
}
