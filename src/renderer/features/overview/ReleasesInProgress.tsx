import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { Link as RouterLink } from 'react-router'
import type { ReleaseState } from '../../../contract/release.ts'
import { pathTo } from '../../data/paths.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { Answer } from '../shared/Answer.tsx'

/** What comes next, for every state that is not an end. */
const next: Partial<Record<ReleaseState, string>> = {
  draft: 'waits for its tests',
  testing: 'is being tested',
  tested: 'waits for a QA expert to certify or refuse it',
  certified: 'waits for a product owner to approve it',
  approved: 'waits to be released',
  releasing: 'is being released',
}

/** Candidates on their way to production, and whose turn it is. */
export function ReleasesInProgress() {
  const releases = useQueryMethod('releases.list', { modelId: null }, { follows: { records: ['release'] } })
  return (
    <Section title="Releases in progress" flush>
      <Answer query={releases} label="releases" rows={2}>
        {(list) => (
          <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
            {list.flatMap(({ record, modelName, versionName }) => {
              const turn = next[record.state]
              if (turn === undefined) return []
              return [
                <Box
                  component="li"
                  key={record.id}
                  sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, px: 2, py: 1, typography: 'body2' }}
                >
                  <Link component={RouterLink} to={pathTo.release(record.id)} color="inherit" sx={{ fontWeight: 620 }}>
                    {`${modelName} ${versionName}`}
                  </Link>
                  <Box component="span" sx={{ flex: 1, minWidth: 200 }}>
                    {turn}
                  </Box>
                  <Box component="span" sx={{ color: 'text.secondary' }}>
                    since <Time at={record.history.at(-1)?.at ?? record.createdAt} />
                  </Box>
                </Box>,
              ]
            })}
          </Box>
        )}
      </Answer>
    </Section>
  )
}
