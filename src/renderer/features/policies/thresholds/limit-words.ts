import type { Limit } from '../../../../contract/finding.ts'
import { formatValue } from '../../../widgets/format.ts'
import { subjectWord, unitOf } from '../../shared/words.ts'

const unitOfLimit = ({ kind, subject }: Limit) => unitOf(kind, subject.metric ?? '')

/** The acceptable side of a level: `at least 0.9`, `0.8 to 1.25`. */
export function acceptableWord(limit: Limit): string {
  const say = (value: number) => formatValue(value, unitOfLimit(limit))
  if (limit.direction === 'above') return `at most ${say(limit.breach)}`
  if (limit.direction === 'below') return `at least ${say(limit.breach)}`
  return limit.upperBreach === null
    ? `at least ${say(limit.breach)}`
    : `${say(limit.breach)} to ${say(limit.upperBreach)}`
}

/** From where a warning is given: `from 0.92`, `within 0.05 of an end`, `none`. */
export function warningWord(limit: Limit): string {
  if (limit.warning === null) return 'none'
  const value = formatValue(limit.warning, unitOfLimit(limit))
  return limit.direction === 'outside' ? `within ${value} of an end` : `past ${value}`
}

export function persistenceWord({ persistence: { k, of } }: Limit): string {
  return k === 1 && of === 1 ? 'at once' : `${k} of ${of} findings`
}

/** The limit as one sentence. */
export function limitSentence(limit: Limit): string {
  const severity = limit.severity === 'critical' ? 'critical' : 'a warning'
  return `${subjectWord(limit.kind, limit.subject)} must be ${acceptableWord(limit)}; past it ${persistenceWord(limit)} is ${severity}.`
}

/** What makes two limits speak of the same number. */
export function limitKey({ kind, subject }: Limit): string {
  return [kind, subject.metric, subject.column, subject.channel, subject.className, subject.group].join('|')
}
