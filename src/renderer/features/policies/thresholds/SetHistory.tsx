import Box from '@mui/material/Box'
import type { ThresholdSet } from '../../../../contract/finding.ts'
import { Section } from '../../../widgets/Section.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { Disclosure } from '../../shared/Disclosure.tsx'
import { BackTestView } from './BackTestView.tsx'
import { limitSentence } from './limit-words.ts'
import { changesBetween } from './set-changes.ts'

export type SetHistoryProps = { sets: readonly ThresholdSet[]; nameOf: (id: string) => string }

/** Every version, newest first: who, when, why, what changed, and the back-test it was accepted on. */
export function SetHistory({ sets, nameOf }: SetHistoryProps) {
  if (sets.length === 0) return null
  return (
    <Section title="History">
      <Box component="ol" reversed sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {sets.map((set, index) => (
          <Box component="li" key={set.id} sx={{ py: 1, borderTop: 1, borderColor: 'divider', typography: 'body2' }}>
            <Box sx={{ display: 'flex', gap: 1.5, flexWrap: 'wrap' }}>
              <strong>{`Version ${set.version}`}</strong>
              {set.isActive && <span>in force</span>}
              <Box sx={{ flex: 1 }}>{`${nameOf(set.authorId)}: ${set.reason}`}</Box>
              <Time at={set.createdAt} />
            </Box>
            <Box component="ul" sx={{ m: 0, pl: 2.5, color: 'text.secondary' }}>
              {changesBetween(sets[index + 1]?.limits ?? [], set.limits)
                .slice(0, 6)
                .map((change) => (
                  <li key={change}>{change}</li>
                ))}
            </Box>
            <Disclosure summary="The back-test it was accepted on">
              <BackTestView backTest={set.backTest} />
            </Disclosure>
            <Disclosure summary={`All ${set.limits.length} limits of version ${set.version}`}>
              <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
                {set.limits.map((limit) => (
                  <li key={JSON.stringify(limit)}>{limitSentence(limit)}</li>
                ))}
              </Box>
            </Disclosure>
          </Box>
        ))}
      </Box>
    </Section>
  )
}
