import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router'
import { pathTo } from '../../data/paths.ts'
import { Section } from '../../widgets/Section.tsx'

const steps = [
  {
    title: 'Name the model and register the version that runs',
    text: 'Its schema says what a sample holds. A reference data set, imported from CSV, JSON Lines or Parquet, says what is normal.',
    action: 'Create a model',
    path: `${pathTo.models()}?new=model`,
  },
  {
    title: 'Connect where it answers and what it reports',
    text: 'An inference endpoint by its URL, a broker on which predictions, labels and telemetry arrive, or a token with which a service pushes them.',
    action: 'Connect',
    path: pathTo.connections(),
  },
  {
    title: 'Register the devices it looks through',
    text: 'Their channels, honest ranges and limits: a broken sensor is then told apart from a changed world.',
    action: 'Register a device',
    path: pathTo.devices(),
  },
]

/** What to do in a workspace in which nothing is watched yet. */
export function FirstSteps() {
  return (
    <Section
      title="How to begin"
      note="Three steps, in any order; a file of predictions is enough to see the first numbers"
    >
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0 }}>
        {steps.map((step, index) => (
          <Box
            component="li"
            key={step.title}
            sx={{
              display: 'flex',
              alignItems: 'center',
              gap: 2,
              py: 1.5,
              '&:not(:first-of-type)': { borderTop: 1, borderColor: 'divider' },
            }}
          >
            <Box aria-hidden sx={{ width: 20, typography: 'h2', color: 'text.secondary' }}>
              {index + 1}
            </Box>
            <Box sx={{ flex: 1, minWidth: 0 }}>
              <Typography variant="subtitle2" component="h3">
                {step.title}
              </Typography>
              <Typography variant="body2" color="textSecondary" sx={{ maxWidth: 680 }}>
                {step.text}
              </Typography>
            </Box>
            <Button variant={index === 0 ? 'contained' : 'outlined'} component={RouterLink} to={step.path}>
              {step.action}
            </Button>
          </Box>
        ))}
      </Box>
    </Section>
  )
}
