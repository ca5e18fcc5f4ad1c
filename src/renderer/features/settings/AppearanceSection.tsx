import { useColorScheme } from '@mui/material/styles'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { Section } from '../../widgets/Section.tsx'

const modes = [
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
  { id: 'system', label: 'As the system' },
] as const

/** How the console looks on this machine. */
export function AppearanceSection() {
  const { mode, setMode } = useColorScheme()
  return (
    <Section title="Appearance" note="On this machine only.">
      <ToggleButtonGroup
        exclusive
        size="small"
        value={mode ?? 'system'}
        aria-label="Colour scheme"
        onChange={(_, chosen: (typeof modes)[number]['id'] | null) => chosen !== null && setMode(chosen)}
        sx={{ mt: 1 }}
      >
        {modes.map(({ id, label }) => (
          <ToggleButton key={id} value={id}>
            {label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </Section>
  )
}
