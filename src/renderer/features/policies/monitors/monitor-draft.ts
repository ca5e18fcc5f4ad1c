import type { Monitor, MonitorKind, Target } from '../../../../contract/finding.ts'
import { monitorKinds } from '../../shared/words.ts'
import { kindsOfTarget } from '../kinds-of-target.ts'

export type MonitorDraft = Omit<Monitor, 'id' | 'createdAt'>

export function draftOf({ id: _id, createdAt: _createdAt, ...draft }: Monitor): MonitorDraft {
  return draft
}

/** A monitor that asks once a day about the last week, or the last day of a device or endpoint. */
export function blankMonitor(target: Target, kind: MonitorKind = kindsOfTarget[target.type][0]): MonitorDraft {
  return {
    name: monitorKinds[kind].word,
    kind,
    target,
    schedule: '0 2 * * *',
    everyNewItems: null,
    windowMs: (target.type === 'deployment' ? 7 : 1) * 86_400_000,
    delayMs: 0,
    reference: { kind: 'default' },
    parameters: {},
    isEnabled: true,
  }
}
