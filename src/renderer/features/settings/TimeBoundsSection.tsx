import Box from '@mui/material/Box'
import { DurationField } from '../shared/DurationField.tsx'
import { SettingsForm, type SettingsSectionProps } from './SettingsForm.tsx'
import { useSettingsPart } from './use-settings-part.ts'

const partOf = ({ timeBounds }: SettingsSectionProps['source']['record']) => timeBounds

/** How far from now a sample's own time may lie. */
export function TimeBoundsSection(props: SettingsSectionProps) {
  const edit = useSettingsPart(props.source, partOf)
  const { maxFutureMs, maxPastMs, releaseWithinMs = 86_400_000 } = edit.draft
  return (
    <SettingsForm
      {...props}
      title="Event times"
      note="What lies further ahead is held apart: most often a clock is wrong. What lies further behind goes to the dead letters."
      edit={edit}
      partOf={partOf}
      toChanges={(timeBounds) => ({ timeBounds })}
      obstacle={maxFutureMs < 0 || maxPastMs < 1 || releaseWithinMs < 0 ? 'A bound is missing' : null}
    >
      <Box sx={{ display: 'grid', gap: 2 }}>
        <DurationField
          label="At most ahead of now by"
          valueMs={maxFutureMs}
          onChange={(value) => edit.change({ maxFutureMs: value ?? -1 })}
        />
        <DurationField
          label="Held apart, released by itself if ahead by at most"
          valueMs={releaseWithinMs}
          onChange={(value) => edit.change({ releaseWithinMs: value ?? -1 })}
          helperText="What was further ahead waits for a person on Connections"
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
