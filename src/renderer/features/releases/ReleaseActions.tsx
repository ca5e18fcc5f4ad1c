import { Section } from '../../widgets/Section.tsx'
import { ActionCard } from '../shared/actions/ActionCard.tsx'
import type { ReleaseAnswer } from './release-headline.ts'

/** How it was carried out, with the log of each try. */
export function ReleaseActions({ answer }: { answer: ReleaseAnswer }) {
  const { actions, userNames } = answer
  if (actions.length === 0) return null
  return (
    <Section title="Carried out">
      {[...actions]
        .sort((left, right) => right.requestedAt - left.requestedAt)
        .map((action) => (
          <ActionCard
            key={action.id}
            action={action}
            requestedBy={
              action.requestedBy === null ? 'the console' : (userNames[action.requestedBy] ?? action.requestedBy)
            }
          />
        ))}
    </Section>
  )
}
