import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'
import type { IncidentVerdict } from '../../../../contract/incident-verdict.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Time } from '../../../widgets/Time.tsx'

const shown = 12

/** What it most likely was that went wrong, what speaks for it, and what it is not; nothing where nothing is to be explained. */
export function IncidentPanel({ verdict }: { verdict: IncidentVerdict | null }) {
  if (verdict === null) return null
  const { sentence, evidence, ruledOut } = verdict
  return (
    <Section
      title="What it most likely is"
      note="From the order of device, integrity, drift and performance alerts in time"
    >
      <Box component="p" sx={{ m: 0, mb: 1, fontWeight: 620 }}>
        {sentence}
      </Box>
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, typography: 'body2' }}>
        {evidence.slice(0, shown).map(({ at, role, title, path }) => (
          <Box
            component="li"
            key={`${at} ${path ?? title}`}
            sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, py: 0.5 }}
          >
            <Box sx={{ width: 190 }}>
              <Time at={at} />
            </Box>
            <Box sx={{ width: 76, color: 'text.secondary' }}>{role === 'cause' ? 'Cause' : 'Symptom'}</Box>
            {path === null ? (
              title
            ) : (
              <Link component={RouterLink} to={path}>
                {title}
              </Link>
            )}
          </Box>
        ))}
      </Box>
      {evidence.length > shown && (
        <Box
          sx={{ typography: 'body2', color: 'text.secondary', py: 0.5 }}
        >{`and ${evidence.length - shown} more`}</Box>
      )}
      {ruledOut.length > 0 && (
        <Box
          sx={{ typography: 'body2', color: 'text.secondary', pt: 0.5 }}
        >{`Against the others: ${ruledOut.join('; ')}.`}</Box>
      )}
    </Section>
  )
}
