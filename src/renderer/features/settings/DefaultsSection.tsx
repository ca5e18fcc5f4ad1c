import Box from '@mui/material/Box'
import { workspaceSettings } from '../../../contract/workspace.ts'
import { NumberField } from '../shared/NumberField.tsx'
import { problemsOf } from '../shared/problems.ts'
import { SettingsForm, type SettingsSectionProps } from './SettingsForm.tsx'
import { useSettingsPart } from './use-settings-part.ts'

const partOf = ({ defaults }: SettingsSectionProps['source']['record']) => defaults
const fields = [
  {
    name: 'confidence',
    label: 'Confidence',
    means: 'How often the intervals hold the true value. 0.95: 19 times of 20. Higher makes them wider.',
    range: '0.5 to 0.999',
  },
  {
    name: 'alpha',
    label: 'Alpha',
    means:
      'How often a test may call chance a change. 0.05: once in 20 looks at unchanged data, over all columns together.',
    range: '0.0001 to 0.5',
  },
  {
    name: 'minimumN',
    label: 'Smallest n',
    means: 'With fewer samples a number is called insufficient instead of being judged.',
    range: 'a whole number from 1',
  },
  {
    name: 'minimumGroupSize',
    label: 'Smallest group',
    means: 'Smaller groups are shown under fairness, and not judged.',
    range: 'a whole number from 1',
  },
] as const

/** What every question begins with; monitors may say otherwise. */
export function DefaultsSection(props: SettingsSectionProps) {
  const edit = useSettingsPart(props.source, partOf)
  const problems = problemsOf(workspaceSettings.shape.defaults, edit.draft)
  return (
    <SettingsForm
      {...props}
      title="How numbers are judged"
      note="Defaults; a monitor may have its own."
      edit={edit}
      partOf={partOf}
      toChanges={(defaults) => ({ defaults })}
      obstacle={problems.size > 0 ? 'A number is out of its bounds' : null}
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: { sm: '1fr 1fr' }, gap: 2 }}>
        {fields.map(({ name, label, means, range }) => (
          <NumberField
            key={name}
            label={label}
            value={edit.draft[name]}
            onChange={(value) => edit.change({ [name]: value ?? Number.NaN })}
            problem={problems.has(name) ? `It must be ${range}` : null}
            helperText={means}
          />
        ))}
      </Box>
    </SettingsForm>
  )
}
