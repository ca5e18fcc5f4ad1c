import Box from '@mui/material/Box'
import type { OutputOf } from '../../../contract/api.ts'
import { pathTo } from '../../data/paths.ts'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { Severity } from '../shared/Severity.tsx'
import { nameOfTarget, useTargets } from '../shared/use-targets.ts'

/** Other alerts of the same incident, and why they are thought to belong to it. */
export function LinkedAlerts({ answer, nowAt }: { answer: OutputOf<'alerts.get'>; nowAt: number }) {
  const { byId } = useTargets()
  const { alert, linked } = answer
  if (linked.length === 0) return null
  return (
    <Section title="Same incident" note={alert.linkReason ?? undefined}>
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {linked.map((other) => (
          <Box
            component="li"
            key={other.id}
            sx={{ py: 0.75, borderTop: 1, borderColor: 'divider', typography: 'body2' }}
          >
            <Box sx={{ display: 'flex', gap: 1.5, justifyContent: 'space-between' }}>
              <PathLink to={pathTo.alert(other.id)}>{other.title}</PathLink>
              <Severity severity={other.severity} />
            </Box>
            <Box sx={{ color: 'text.secondary' }}>
              {nameOfTarget(byId, other.target)}, since <Time at={other.beganAt} nowAt={nowAt} />
              {other.linkReason !== null && other.linkReason !== alert.linkReason && `. ${other.linkReason}`}
            </Box>
          </Box>
        ))}
      </Box>
    </Section>
  )
}
