import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'
import { Section } from '../../../widgets/Section.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { useDeployedView } from '../model-view.ts'
import type { Timeline } from './use-timeline.ts'

const words: Record<Timeline['marks'][number]['kind'], string> = {
  version: 'Version',
  action: 'Action',
  alert: 'Alert',
  device: 'Device',
  label: 'Labels',
}

const shown = 30

/** The marks of the charts above in words, newest first, each with a way to what it is about. */
export function WhatHappened({ timeline }: { timeline: Timeline }) {
  const { nowAt } = useDeployedView()
  if (timeline.marks.length === 0) return null
  const newest = [...timeline.marks].sort((left, right) => right.at - left.at).slice(0, shown)
  return (
    <Section title="What happened" note="Versions, actions, alerts and shifts of the device in this window">
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, typography: 'body2' }}>
        {newest.map(({ at, kind, title, path }) => (
          <Box component="li" key={`${at} ${kind} ${title}`} sx={{ display: 'flex', gap: 2, py: 0.5 }}>
            <Box sx={{ width: 200, flex: 'none' }}>
              <Time at={at} nowAt={nowAt} />
            </Box>
            <Box sx={{ width: 64, flex: 'none', color: 'text.secondary' }}>{words[kind]}</Box>
            <Box sx={{ minWidth: 0 }}>
              {path === null ? (
                title
              ) : (
                <Link component={RouterLink} to={path}>
                  {title}
                </Link>
              )}
            </Box>
          </Box>
        ))}
      </Box>
    </Section>
  )
}
