import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import FormLabel from '@mui/material/FormLabel'
import Switch from '@mui/material/Switch'
import { pathTo } from '../../data/paths.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { PathLink } from '../shared/PathLink.tsx'
import { SettingsForm, type SettingsSectionProps } from './SettingsForm.tsx'
import { useSettingsPart } from './use-settings-part.ts'

const partOf = ({ notifications }: SettingsSectionProps['source']['record']) => notifications

/** Who hears of a new alert. */
export function NotificationsSection(props: SettingsSectionProps) {
  const edit = useSettingsPart(props.source, partOf)
  const { data } = useQueryMethod('connections.list', {}, { follows: { records: ['connection'] } })
  const webhooks = (data ?? []).map(({ record }) => record).filter(({ config }) => config.kind === 'webhook')
  const { desktop, webhookIds } = edit.draft
  const toggle = (id: string) =>
    edit.change({
      webhookIds: webhookIds.includes(id) ? webhookIds.filter((each) => each !== id) : [...webhookIds, id],
    })
  return (
    <SettingsForm
      {...props}
      title="Notifications"
      note="When an alert opens, comes back, or an action ends."
      edit={edit}
      partOf={partOf}
      toChanges={(notifications) => ({ notifications })}
      obstacle={null}
    >
      <FormControlLabel
        control={<Switch checked={desktop} onChange={(event) => edit.change({ desktop: event.target.checked })} />}
        label="On the desktop"
        slotProps={{ typography: { variant: 'body2' } }}
      />
      <Box component="fieldset" sx={{ border: 0, m: 0, p: 0 }}>
        <FormLabel component="legend">To webhooks</FormLabel>
        {webhooks.length === 0 ? (
          <Box sx={{ typography: 'body2', color: 'text.secondary' }}>
            There is none. <PathLink to={pathTo.connections()}>Connect one</PathLink>.
          </Box>
        ) : (
          <FormGroup>
            {webhooks.map(({ id, name, isEnabled }) => (
              <FormControlLabel
                key={id}
                control={<Checkbox size="small" checked={webhookIds.includes(id)} onChange={() => toggle(id)} />}
                label={isEnabled ? name : `${name} (switched off)`}
                slotProps={{ typography: { variant: 'body2' } }}
              />
            ))}
          </FormGroup>
        )}
      </Box>
    </SettingsForm>
  )
}
