import type { Finding, Limit } from '../contract/finding.ts'
import { capitalise, formatNumber, shorten, withUnit } from './format.ts'
import { subjectName } from './subject.ts'

const limitWords = (finding: Finding): string | null => {
  if (finding.limit === null) return null
  const level = withUnit(formatNumber(finding.limit.breach), finding.unit)
  if (finding.limit.direction === 'above') return `above ${level}`
  if (finding.limit.direction === 'below') return `below ${level}`
  return 'outside its range'
}

/** What a sensor does, where its number is a fact that needs no level. */
const deviceWords: Readonly<Record<string, string>> = {
  stuck: 'is stuck',
  gaps: 'falls silent',
  shifts: 'has shifted',
  outOfRangeShare: 'leaves its range',
  outlierShare: 'jumps',
  anomalies: 'is unusual',
  saturated: 'is saturated',
  replayed: 'repeats itself',
  replayedShare: 'repeats itself',
  coarser: 'has become coarser',
  jitter: 'has lost its rhythm',
  daysToLimit: 'nears its limit',
}

/** What is wrong with a device or an endpoint as a whole. */
const wholeWords: Readonly<Record<string, string>> = {
  silentForMs: 'no data',
  flaps: 'frequent dropouts',
  clockSkewMs: 'wrong clock',
  lostShare: 'lost messages',
  physics: 'readings that contradict physics',
  clock: 'clock ahead of ours',
}

/** One line that names an alert: `Accuracy below 0.90 on cat-dog`, `Brightness drifts on cat-dog`, `Light is stuck on
 * camera-1`. At most 200 characters. */
export function alertTitle(finding: Finding, targetName: string): string {
  const { kind, subject } = finding
  const level = limitWords(finding)
  let what: string
  if (kind === 'drift' && subject.column !== undefined) what = `${subject.column} drifts`
  else if (kind === 'device' && subject.channel !== undefined && Object.hasOwn(deviceWords, subject.metric))
    what = `${subject.channel} ${deviceWords[subject.metric]}`
  else if (kind === 'endpoint' && subject.metric === 'silentForMs') what = 'no answer'
  else if ((kind === 'device' || kind === 'endpoint') && Object.hasOwn(wholeWords, subject.metric))
    what = wholeWords[subject.metric]
  else what = `${subjectName(subject)} ${level ?? 'is not as it should be'}`
  return shorten(`${capitalise(what)} on ${targetName}`, 200)
}

/** Severity of an alert under its limit; a breach by the analysis's own verdict is a warning. */
export const severityOf = (limit: Limit | null): Limit['severity'] => limit?.severity ?? 'warning'
