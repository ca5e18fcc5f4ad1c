import Box from '@mui/material/Box'
import { DurationField } from '../shared/DurationField.tsx'
import { SettingsForm, type SettingsSectionProps } from './SettingsForm.tsx'
import { useSettingsPart } from './use-settings-part.ts'

const partOf = ({ timeBounds }: SettingsSectionProps['source']['record']) => timeBounds

/** How far from now a sample's own time may lie. */
export function TimeBoundsSection(props: SettingsSectionProps) {
  const edit = useSettingsPart(props.source, partOf)
  const { maxFutureMs, maxPastMs } = edit.draft
  return (
    <SettingsForm
      {...props}
      title="Event times"
      note="Samples and telemetry from beyond go to the dead letters: most often a clock is wrong."
      edit={edit}
      partOf={partOf}
      toChanges={(timeBounds) => ({ timeBounds })}
      obstacle={maxFutureMs < 0 || maxPastMs < 1 ? 'A bound is missing' : null}
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        <DurationField
          label="At most ahead of now by"
          valueMs={maxFutureMs}
          onChange={(value) => edit.change({ maxFutureMs: value ?? -1 })}
        />
        <DurationField
          label="At most behind now by"
          valueMs={maxPastMs}
          onChange={(value) => edit.change({ maxPastMs: value ?? -1 })}
        />
      </Box>
    </SettingsForm>
  )
}
