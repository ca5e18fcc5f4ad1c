import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import TextField from '@mui/material/TextField'
import { useRef } from 'react'
import type { ScrapePick } from '../../../../contract/scrape.ts'
import { AskedOverHttpFields } from './AskedOverHttpFields.tsx'
import { blankPick } from './blank-config.ts'
import type { ConfigFieldsProps } from './config-fields.ts'
import { PickFields } from './PickFields.tsx'

/** An exporter that is scraped into channels of one device. */
export function PrometheusFields({ config, problems, secrets, onChange }: ConfigFieldsProps<'prometheus'>) {
  const set = (changes: Partial<typeof config>) => onChange({ ...config, ...changes })
  const { picks } = config
  // Rows keep their own text while others come and go.
  const keys = useRef(picks.map(() => crypto.randomUUID()))
  const change = (index: number, pick: ScrapePick) =>
    set({ picks: picks.map((each, i) => (i === index ? pick : each)) })
  const remove = (index: number) => {
    keys.current = keys.current.filter((_, i) => i !== index)
    set({ picks: picks.filter((_, i) => i !== index) })
  }
  const add = () => {
    keys.current = [...keys.current, crypto.randomUUID()]
    set({ picks: [...picks, { ...blankPick, channel: '', metric: '' }] })
  }
  return (
    <>
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        <TextField
          label="Address of the metrics"
          value={config.url}
          onChange={(event) => set({ url: event.target.value })}
          error={problems.has('url')}
          helperText={problems.has('url') ? 'http:// or https://, host, port and path' : 'Mostly it ends with /metrics'}
          required
        />
        <TextField
          label="Device"
          value={config.deviceKey}
          onChange={(event) => set({ deviceKey: event.target.value })}
          error={config.deviceKey !== '' && problems.has('deviceKey')}
          helperText="Key of the device whose channels these are"
          required
        />
      </Box>
      {picks.map((pick, index) => (
        <PickFields
          key={keys.current[index]}
          pick={pick}
          onChange={(changed) => change(index, changed)}
          onRemove={picks.length > 1 ? () => remove(index) : null}
        />
      ))}
      <Button onClick={add} sx={{ justifySelf: 'start' }}>
        Add a channel
      </Button>
      {problems.has('picks') && (
        <Box role="alert" sx={{ typography: 'caption', color: 'error.main' }}>
          {problems.get('picks')}
        </Box>
      )}
      <FormControlLabel
        control={
          <Switch
            checked={config.acceptsNewDevices}
            onChange={(event) => set({ acceptsNewDevices: event.target.checked })}
          />
        }
        label="Register the device if it is not known"
        slotProps={{ typography: { variant: 'body2' } }}
      />
      <AskedOverHttpFields
        config={config}
        problems={problems}
        secrets={secrets}
        onChange={set}
        every={{
          label: 'Scraped every',
          field: 'everyMs',
          valueMs: config.everyMs,
          onChange: (everyMs) => set({ everyMs }),
        }}
      />
    </>
  )
}
