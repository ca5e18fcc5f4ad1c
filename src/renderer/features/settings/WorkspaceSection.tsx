import TextField from '@mui/material/TextField'
import { SettingsForm, type SettingsSectionProps } from './SettingsForm.tsx'
import { useSettingsPart } from './use-settings-part.ts'

const partOf = ({ name }: SettingsSectionProps['source']['record']) => ({ name })

/** What the workspace is called. */
export function WorkspaceSection(props: SettingsSectionProps) {
  const edit = useSettingsPart(props.source, partOf)
  return (
    <SettingsForm
      {...props}
      title="Workspace"
      edit={edit}
      partOf={partOf}
      toChanges={(draft) => draft}
      obstacle={edit.draft.name.trim() === '' ? 'It needs a name' : null}
    >
      <TextField
        label="Name"
        value={edit.draft.name}
        onChange={(event) => edit.change({ name: event.target.value })}
        slotProps={{ htmlInput: { maxLength: 200 } }}
      />
    </SettingsForm>
  )
}
