import Box from '@mui/material/Box'
import type { Release } from '../../../contract/release.ts'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { endStates, type Passage, passagesOf, stateWords } from './release-words.ts'

export type StateStepperProps = { release: Release; userNames: Readonly<Record<string, string>> }

/** The way of the release with who took each step and when. */
export function StateStepper({ release, userNames }: StateStepperProps) {
  const passages = passagesOf(release)
  return (
    <Section title="The way to production">
      <Box
        component="ol"
        sx={{
          m: 0,
          p: 0,
          pt: 0.5,
          listStyle: 'none',
          display: 'grid',
          gridTemplateColumns: { xs: '1fr', md: `repeat(${passages.length}, minmax(0, 1fr))` },
        }}
      >
        {passages.map((passage) => (
          <Step
            key={passage.state}
            passage={passage}
            who={passage.userId === null ? null : (userNames[passage.userId] ?? passage.userId)}
          />
        ))}
      </Box>
    </Section>
  )
}

function Step({ passage, who }: { passage: Passage; who: string | null }) {
  const { state, at, isCurrent, reason } = passage
  const isReached = at !== null
  return (
    <Box
      component="li"
      aria-current={isCurrent ? 'step' : undefined}
      sx={{
        pr: 1,
        pb: { xs: 1, md: 0 },
        color: isReached ? 'text.primary' : 'text.secondary',
        typography: 'body2',
        '&:last-of-type .line': { display: 'none' },
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'center', mb: 0.5 }}>
        <Mark isReached={isReached} isCurrent={isCurrent} isEnd={endStates.includes(state)} />
        <Box
          className="line"
          sx={{
            flex: 1,
            ml: 1,
            display: { xs: 'none', md: 'block' },
            borderTop: isReached && !isCurrent ? '2px solid' : '1px dashed',
            borderColor: isReached && !isCurrent ? 'primary.main' : 'divider',
          }}
        />
      </Box>
      <Box sx={{ fontWeight: isCurrent ? 680 : 560 }}>{stateWords[state].word}</Box>
      {isReached ? (
        <Box sx={{ typography: 'caption', color: 'text.secondary' }} title={reason}>
          <Time at={at} />
          <Box>{who ?? 'the console'}</Box>
        </Box>
      ) : (
        <Box sx={{ typography: 'caption' }}>not yet</Box>
      )}
    </Box>
  )
}

/** Filled with a tick where it was passed, a ring with a dot where it stands, an empty ring ahead, a cross at an end. */
function Mark({ isReached, isCurrent, isEnd }: { isReached: boolean; isCurrent: boolean; isEnd: boolean }) {
  return (
    <Box
      component="svg"
      viewBox="0 0 16 16"
      aria-hidden="true"
      sx={{ width: 18, height: 18, flex: 'none', color: isReached ? 'primary.main' : 'text.secondary' }}
    >
      {isReached && !isCurrent ? (
        <>
          <circle cx="8" cy="8" r="7" fill="currentColor" />
          <path
            d="M4.8 8.2 7.1 10.5 11.3 5.8"
            fill="none"
            stroke="var(--mui-palette-background-paper)"
            strokeWidth="1.6"
          />
        </>
      ) : (
        <circle
          cx="8"
          cy="8"
          r="6.4"
          fill="none"
          stroke="currentColor"
          strokeWidth={isCurrent ? 2 : 1.2}
          strokeDasharray={isCurrent ? undefined : '2.4 2'}
        />
      )}
      {isCurrent && !isEnd && <circle cx="8" cy="8" r="2.8" fill="currentColor" />}
      {isCurrent && isEnd && <path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" stroke="currentColor" strokeWidth="1.6" />}
    </Box>
  )
}
