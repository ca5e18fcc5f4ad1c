import type { Action } from '../../../../contract/alert.ts'
import type { StatusKind } from '../../../widgets/Status.tsx'

export const actionWords: Record<Action['kind'], string> = {
  notify: 'notify',
  retrain: 'retrain',
  switch: 'switch',
  'roll-back': 'roll back',
  release: 'release',
}

export const actionStates: Record<Action['state'], { status: StatusKind; word: string }> = {
  requested: { status: 'unknown', word: 'Requested' },
  running: { status: 'unknown', word: 'Running' },
  succeeded: { status: 'ok', word: 'Succeeded' },
  failed: { status: 'breach', word: 'Failed' },
  unknown: { status: 'insufficient', word: 'Outcome unknown' },
}

export const isActionUnderWay = ({ state }: Action) => state === 'requested' || state === 'running'
