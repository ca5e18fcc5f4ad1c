import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'
import type { ConnectionState } from '../../../contract/connection.ts'
import { pathTo } from '../../data/paths.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { Status } from '../../widgets/Status.tsx'
import { Time } from '../../widgets/Time.tsx'

/** Connections with a problem, each with what is wrong and what to check; nothing where all work. */
export function ConnectionProblems({ states }: { states: readonly ConnectionState[] }) {
  const broken = states.filter(({ phase, problem }) => phase === 'failed' || phase === 'degraded' || problem !== null)
  const connections = useQueryMethod(
    'connections.list',
    {},
    { enabled: broken.length > 0, follows: { records: ['connection'] } },
  )
  if (broken.length === 0) return null
  const nameOf = (id: string) => connections.data?.find(({ record }) => record.id === id)?.record.name ?? id
  return (
    <Section title="Connections with problems" flush>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {broken.map((state) => (
          <Box
            component="li"
            key={state.connectionId}
            sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, px: 2, py: 1, typography: 'body2' }}
          >
            <Status status={state.phase === 'failed' ? 'breach' : 'warning'} label={state.phase} />
            <Link
              component={RouterLink}
              to={pathTo.connection(state.connectionId)}
              color="inherit"
              sx={{ fontWeight: 620 }}
            >
              {nameOf(state.connectionId)}
            </Link>
            <Box component="span" sx={{ flex: 1, minWidth: 240 }}>
              {state.problem ?? 'It does not answer'}
            </Box>
            <Box component="span" sx={{ color: 'text.secondary' }}>
              since <Time at={state.since} />
            </Box>
          </Box>
        ))}
      </Box>
    </Section>
  )
}
