import type { OutputOf } from '../../../../contract/api.ts'
import type { Target } from '../../../../contract/finding.ts'
import type { Headline } from '../../../../contract/primitives.ts'
import { formatDate } from '../../../widgets/format.ts'

type SetRow = OutputOf<'thresholds.list'>[number]

/** The versions for one target, newest first. */
export function setsOf(sets: readonly SetRow[], target: Target): SetRow[] {
  return sets
    .filter(({ record }) => record.target.type === target.type && record.target.id === target.id)
    .sort((left, right) => right.record.version - left.record.version)
}

/** Whether a target is held to anything, since when and by whom. `inForce` counts what it is judged by now. */
export function policyHeadline(
  name: string,
  active: SetRow | null,
  inForce: number,
  nameOf: (id: string) => string,
): Headline {
  if (inForce === 0)
    return { status: 'warning', text: `${name} is held to no limit: nothing it does will raise an alert.` }
  if (active === null)
    return {
      status: 'unknown',
      text: `${name} is held to ${inForce} default limits: nobody has looked at them yet. Change them to make them yours.`,
    }
  const { limits, version, authorId, reason, createdAt, backTest } = active.record
  const critical = limits.filter(({ severity }) => severity === 'critical').length
  const alerts = backTest.weeks.reduce((sum, week) => sum + week.alerts, 0)
  const weeks = backTest.weeks.length
  const history =
    weeks === 0
      ? ''
      : ` On the ${weeks} weeks before they were accepted they would have raised ${alerts} ${alerts === 1 ? 'alert' : 'alerts'}.`
  return {
    status: 'ok',
    text: `${name} is held to ${limits.length} ${limits.length === 1 ? 'limit' : 'limits'}, ${critical} critical: version ${version} by ${nameOf(authorId)}, ${formatDate(createdAt)}, because “${reason.replace(/[.\s]+$/, '')}”.${history}`,
  }
}
