import type { OutputOf } from '../../../contract/api.ts'
import { absent, formatCount, formatInterval, formatValue } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { nameOfTarget, useTargets } from '../shared/use-targets.ts'
import { kindWord, subjectWord, unitOf } from '../shared/words.ts'
import { stateWords } from './inbox.ts'

/** The alert in figures. */
export function AlertFacts({ answer, nowAt }: { answer: OutputOf<'alerts.get'>; nowAt: number }) {
  const { alert, findings, userNames } = answer
  const { byId } = useTargets()
  const target = byId.get(alert.target.id)
  const newest = findings.find(({ id }) => id === alert.lastFindingId) ?? null
  const unit = unitOf(alert.kind, alert.subject.metric, newest?.unit)
  return (
    <Section title="Alert">
      <KeyValue
        labelWidth={116}
        items={[
          {
            label: 'About',
            value: target ? <PathLink to={target.path}>{target.name}</PathLink> : nameOfTarget(byId, alert.target),
          },
          { label: 'Question', value: kindWord(alert.kind) },
          { label: 'Number', value: subjectWord(alert.kind, alert.subject) },
          {
            label: 'Newest value',
            value:
              newest === null
                ? absent
                : `${formatValue(newest.value, unit)}${
                    newest.interval === null ? '' : ` (${formatInterval(newest.interval, unit)})`
                  }, n ${formatCount(newest.n)}`,
          },
          { label: 'Limit', value: newest?.limit == null ? absent : formatValue(newest.limit.breach, unit) },
          { label: 'State', value: stateWords[alert.state] },
          {
            label: 'Assigned to',
            value: alert.assigneeId === null ? 'nobody' : (userNames[alert.assigneeId] ?? alert.assigneeId),
          },
          { label: 'Breaches', value: formatCount(alert.occurrences) },
          { label: 'Began', value: <Time at={alert.beganAt} nowAt={nowAt} /> },
          { label: 'Opened', value: <Time at={alert.openedAt} nowAt={nowAt} /> },
          ...(alert.mutedUntil === null ? [] : [{ label: 'Muted until', value: <Time at={alert.mutedUntil} /> }]),
        ]}
      />
    </Section>
  )
}
