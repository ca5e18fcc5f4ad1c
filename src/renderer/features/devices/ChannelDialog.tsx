import Box from '@mui/material/Box'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import type { OutputOf } from '../../../contract/api.ts'
import { type Channel, channel as channelSchema } from '../../../contract/device.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { DurationField } from '../shared/DurationField.tsx'
import { FormDialog } from '../shared/FormDialog.tsx'
import { NumberField } from '../shared/NumberField.tsx'
import { problemsOf } from '../shared/problems.ts'
import { blankChannel, draftOf, withChannel } from './device-draft.ts'

type Source = OutputOf<'devices.get'>['device']

export type ChannelDialogProps = {
  source: Source
  /** Null declares a new channel. */
  channelName: string | null
  onReload: () => Promise<Source | null>
  onClose: () => void
}

/** What one channel measures, what its sensor can honestly say, and what the device endures. */
export function ChannelDialog({ source, channelName, onReload, onClose }: ChannelDialogProps) {
  const save = useCommand('devices.save')
  // The revision that the change began on tells the service whether another person was faster.
  const [base, setBase] = useState(source)
  const before = source.record.channels.find(({ name }) => name === channelName) ?? blankChannel
  const [channel, setChannel] = useState<Channel>(before)
  const [low, setLow] = useState(before.range?.[0] ?? null)
  const [high, setHigh] = useState(before.range?.[1] ?? null)
  const change = (changes: Partial<Channel>) => setChannel((known) => ({ ...known, ...changes }))

  const isHalfRange = (low === null) !== (high === null)
  const rangeProblem = isHalfRange
    ? 'Both ends, or neither'
    : low !== null && high !== null && low >= high
      ? 'The upper end must be higher'
      : null
  const draft: Channel = { ...channel, range: low === null || high === null ? null : [low, high] }
  const isTaken = channelName === null && base.record.channels.some(({ name }) => name === draft.name)
  const complete = rangeProblem === null && !isTaken && problemsOf(channelSchema, draft).size === 0
  return (
    <FormDialog
      title={channelName === null ? 'Declare a channel' : `Channel ${channelName}`}
      consequence="Range, rhythm and limit decide when device health calls a value wrong."
      submitLabel="Save the channel"
      complete={complete}
      busy={save.isPending}
      error={save.error}
      onReload={() =>
        void onReload().then((newest) => {
          if (newest !== null) setBase(newest)
          save.reset()
        })
      }
      onClose={onClose}
      onSubmit={() =>
        save.mutate(
          {
            id: base.record.id,
            revision: base.revision,
            device: { ...draftOf(base.record), channels: withChannel(base.record.channels, channelName, draft) },
          },
          { onSuccess: onClose },
        )
      }
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: '2fr 1fr', gap: 2 }}>
        <TextField
          label="Name"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          disabled={channelName !== null}
          error={isTaken}
          helperText={isTaken ? 'There is such a channel' : channelName === null ? 'As the device sends it' : undefined}
          required
        />
        <TextField
          label="Unit"
          value={draft.unit}
          onChange={(event) => change({ unit: event.target.value })}
          helperText="°C, hPa, m/s²"
        />
      </Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2 }}>
        <NumberField
          label="Range from"
          value={low}
          onChange={setLow}
          unit={draft.unit}
          problem={rangeProblem}
          helperText="What the sensor can honestly report"
        />
        <NumberField label="Range to" value={high} onChange={setHigh} unit={draft.unit} />
      </Box>
      <Box sx={{ display: 'grid', gridTemplateColumns: '1fr 1fr', gap: 2 }}>
        <NumberField
          label="Limit"
          value={draft.limit?.value ?? null}
          onChange={(value) =>
            change({ limit: value === null ? null : { value, direction: draft.limit?.direction ?? 'above' } })
          }
          unit={draft.unit}
          helperText="What the device endures"
        />
        <TextField
          select
          label="Too much is"
          value={draft.limit?.direction ?? 'above'}
          disabled={draft.limit === null}
          onChange={(event) =>
            draft.limit !== null &&
            change({ limit: { ...draft.limit, direction: event.target.value === 'below' ? 'below' : 'above' } })
          }
        >
          <MenuItem value="above">above the limit</MenuItem>
          <MenuItem value="below">below the limit</MenuItem>
        </TextField>
      </Box>
      <DurationField
        label="A value is expected every"
        valueMs={draft.expectedEveryMs}
        onChange={(expectedEveryMs) => change({ expectedEveryMs })}
        helperText="Empty: the channel has no rhythm, and gaps are no fault"
      />
      <DurationField
        label="Stuck when unchanged for"
        valueMs={draft.stuckAfterMs}
        onChange={(stuckAfterMs) => change({ stuckAfterMs })}
        helperText="Empty: standing still is normal"
      />
    </FormDialog>
  )
}
