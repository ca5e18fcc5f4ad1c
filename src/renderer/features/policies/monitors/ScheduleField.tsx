import Autocomplete from '@mui/material/Autocomplete'
import TextField from '@mui/material/TextField'
import { formatInstant } from '../../../widgets/format.ts'
import { describeCron, nextRun, parseCron, scheduleWords } from './cron.ts'

const usual = ['0 * * * *', '0 */6 * * *', '0 2 * * *', '0 6 * * MON-FRI', '0 3 * * MON']

export type ScheduleFieldProps = { value: string | null; onChange: (schedule: string | null) => void }

/** A five-field cron, read back in words with its next instant. */
export function ScheduleField({ value, onChange }: ScheduleFieldProps) {
  const cron = value === null ? null : parseCron(value)
  const next = cron === null ? null : nextRun(cron, Date.now())
  const said =
    value === null
      ? 'On demand and on new data only'
      : cron === null
        ? 'Five fields: minute, hour, day of the month, month, day of the week'
        : `${describeCron(cron)} UTC; next ${next === null ? 'never' : formatInstant(next)}`
  return (
    <Autocomplete
      freeSolo
      options={usual}
      inputValue={value ?? ''}
      onInputChange={(_, text) => onChange(text.trim() === '' ? null : text)}
      renderOption={({ key, ...props }, option) => (
        <li key={key} {...props}>
          {`${scheduleWords(option)} (${option})`}
        </li>
      )}
      // Every schedule stays on offer, whatever is typed.
      filterOptions={(options) => options}
      renderInput={(params) => (
        <TextField {...params} label="Schedule (cron, UTC)" error={value !== null && cron === null} helperText={said} />
      )}
    />
  )
}
