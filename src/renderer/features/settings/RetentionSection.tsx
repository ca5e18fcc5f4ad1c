import Box from '@mui/material/Box'
import { defaultRetention, workspaceSettings } from '../../../contract/workspace.ts'
import { NumberField } from '../shared/NumberField.tsx'
import { problemsOf } from '../shared/problems.ts'
import { SettingsForm, type SettingsSectionProps } from './SettingsForm.tsx'
import { useSettingsPart } from './use-settings-part.ts'

const partOf = ({ retention }: SettingsSectionProps['source']['record']) => retention ?? defaultRetention

const fields = [
  { name: 'findingDays', label: 'Findings', means: 'The numbers of every window that was judged' },
  { name: 'reportDays', label: 'Reports', means: 'The details behind those numbers: distributions, tables, curves' },
  {
    name: 'telemetryDays',
    label: 'Telemetry',
    means: 'Readings of devices; longer where they feed a deployment whose profiles are kept longer',
  },
] as const

/** How long what is not an audit's evidence is kept. Samples and profiles are kept as each deployment says. */
export function RetentionSection(props: SettingsSectionProps) {
  const edit = useSettingsPart(props.source, partOf)
  const problems = problemsOf(workspaceSettings.shape.retention.unwrap(), edit.draft)
  return (
    <SettingsForm
      {...props}
      title="How long things are kept"
      note="The newest of everything stays, and what an alert, action, release, certificate or log entry names. What is removed is logged. Samples: by deployment, under Lineage."
      edit={edit}
      partOf={partOf}
      toChanges={(retention) => ({ retention })}
      obstacle={problems.size > 0 ? 'A number is out of its bounds' : null}
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        {fields.map(({ name, label, means }) => (
          <NumberField
            key={name}
            label={`${label}, days`}
            value={edit.draft[name]}
            onChange={(value) => edit.change({ [name]: value ?? Number.NaN })}
            problem={problems.has(name) ? 'It must be a whole number from 30 to 36,500' : null}
            helperText={means}
          />
        ))}
      </Box>
    </SettingsForm>
  )
}
