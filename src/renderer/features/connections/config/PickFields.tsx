import CloseOutlined from '@mui/icons-material/CloseOutlined'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { type ScrapePick, scrapePick } from '../../../../contract/scrape.ts'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { NumberField } from '../../shared/NumberField.tsx'
import { readLabels, writeLabels } from './labels.ts'

export type PickFieldsProps = {
  pick: ScrapePick
  /** Null where it is the last one, which stays. */
  onRemove: (() => void) | null
  onChange: (pick: ScrapePick) => void
}

const readings = [
  { id: 'value', label: 'its value' },
  { id: 'rate', label: 'its rise a second' },
  { id: 'mean', label: 'mean of a histogram' },
]
const ways = [
  { id: 'sum', label: 'their sum' },
  { id: 'mean', label: 'their mean' },
  { id: 'max', label: 'the largest' },
]

/** One channel made of scraped series. */
export function PickFields({ pick, onRemove, onChange }: PickFieldsProps) {
  const [labels, setLabels] = useState(() => writeLabels(pick.labels))
  const set = (changes: Partial<ScrapePick>) => onChange({ ...pick, ...changes })
  return (
    <Box
      role="group"
      aria-label={`Channel ${pick.channel}`}
      sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 2fr 2fr auto', xs: '1fr' }, gap: 1, alignItems: 'start' }}
    >
      <TextField
        label="Channel"
        value={pick.channel}
        onChange={(event) => set({ channel: event.target.value })}
        required
      />
      <TextField
        label="Metric"
        value={pick.metric}
        onChange={(event) => set({ metric: event.target.value })}
        error={pick.metric !== '' && !scrapePick.shape.metric.safeParse(pick.metric).success}
        required
      />
      <TextField
        label="With labels"
        value={labels}
        onChange={(event) => {
          setLabels(event.target.value)
          const read = readLabels(event.target.value)
          if (read !== null) set({ labels: read })
        }}
        error={readLabels(labels) === null}
        helperText={readLabels(labels) === null ? 'Write it as mode="idle", code="5*"' : undefined}
      />
      <IconButton
        aria-label={`Remove the channel ${pick.channel}`}
        onClick={onRemove ?? undefined}
        disabled={!onRemove}
      >
        <CloseOutlined />
      </IconButton>
      <Box sx={{ gridColumn: '1 / -2', display: 'grid', gridTemplateColumns: { sm: 'repeat(4, 1fr)' }, gap: 1 }}>
        <ChoiceField
          label="Read"
          value={pick.as}
          choices={readings}
          onChange={(id) => set({ as: scrapePick.shape.as.parse(id) })}
        />
        <ChoiceField
          label="Of several series"
          value={pick.combine}
          choices={ways}
          onChange={(id) => set({ combine: scrapePick.shape.combine.parse(id) })}
          disabled={pick.as === 'mean'}
        />
        <NumberField label="Times" value={pick.factor} onChange={(factor) => set({ factor: factor ?? 1 })} />
        <NumberField label="Plus" value={pick.offset} onChange={(offset) => set({ offset: offset ?? 0 })} />
      </Box>
    </Box>
  )
}
