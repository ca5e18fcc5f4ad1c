import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import type { DeviceQuery, Fleet } from '../../../contract/fleet.ts'
import { formatCount } from '../../widgets/format.ts'
import { statusWord } from '../../widgets/Status.tsx'
import { ChoiceField } from '../shared/ChoiceField.tsx'

type Props = { fleet: Fleet; query: DeviceQuery; onChange: (changes: Partial<DeviceQuery>) => void }

const statuses = ['breach', 'warning', 'insufficient', 'unknown', 'ok'] as const
/** Stands for no choice; no group is called so, since names of groups are trimmed. */
const any = ' '

/** Narrows the fleet by words, group and status; each choice says how many devices it has. */
export function DeviceFilters({ fleet, query, onChange }: Props) {
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, justifyContent: 'flex-end' }}>
      <TextField
        label="Find by name, site, group, tag, firmware or version"
        value={query.text}
        onChange={(event) => onChange({ text: event.target.value.slice(0, 200) })}
        size="small"
        sx={{ width: 370 }}
      />
      <Box sx={{ display: 'grid', width: 190 }}>
        <ChoiceField
          label="Group"
          required={false}
          value={query.group ?? any}
          choices={[
            { id: any, label: 'any' },
            ...fleet.groups.map(({ name, devices }) => ({
              id: name,
              label: `${name === '' ? 'without a group' : name} (${formatCount(devices)})`,
            })),
          ]}
          onChange={(group) => onChange({ group: group === any ? null : group })}
        />
      </Box>
      <Box sx={{ display: 'grid', width: 160 }}>
        <ChoiceField
          label="Status"
          required={false}
          value={query.status ?? any}
          choices={[
            { id: any, label: 'any' },
            ...statuses.map((status) => ({
              id: status,
              label: `${statusWord(status)} (${formatCount(fleet.byStatus[status] ?? 0)})`,
            })),
          ]}
          onChange={(id) => onChange({ status: statuses.find((status) => status === id) ?? null })}
        />
      </Box>
    </Box>
  )
}
