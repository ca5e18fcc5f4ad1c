import type { Release, ReleaseState } from '../../../contract/release.ts'
import type { StatusKind } from '../../widgets/Status.tsx'

export const stateWords: Record<ReleaseState, { word: string; status: StatusKind }> = {
  draft: { word: 'Draft', status: 'unknown' },
  testing: { word: 'Testing', status: 'unknown' },
  tested: { word: 'Tested', status: 'unknown' },
  certified: { word: 'Certified', status: 'unknown' },
  refused: { word: 'Refused', status: 'breach' },
  approved: { word: 'Approved', status: 'unknown' },
  releasing: { word: 'Releasing', status: 'unknown' },
  released: { word: 'Released', status: 'ok' },
  superseded: { word: 'Superseded', status: 'insufficient' },
  'rolled-back': { word: 'Rolled back', status: 'warning' },
  withdrawn: { word: 'Withdrawn', status: 'insufficient' },
}

/** The way of a release that nothing stops. */
export const mainWay: readonly ReleaseState[] = [
  'draft',
  'testing',
  'tested',
  'certified',
  'approved',
  'releasing',
  'released',
]

export const endStates: readonly ReleaseState[] = ['refused', 'superseded', 'rolled-back', 'withdrawn']

/** What the list can be narrowed to. */
export const releaseFilters = [
  { id: 'progress', label: 'In progress', states: mainWay.filter((state) => state !== 'released') },
  { id: 'released', label: 'Released', states: ['released'] },
  { id: 'ended', label: 'Ended', states: endStates },
  { id: 'all', label: 'All', states: [...mainWay, ...endStates] },
] as const satisfies { id: string; label: string; states: readonly ReleaseState[] }[]

/** Whose turn it is, in a few words. */
export const nextWords: Partial<Record<ReleaseState, string>> = {
  draft: 'to be tested',
  testing: 'tests are running',
  tested: 'a QA expert decides',
  certified: 'a product owner approves',
  approved: 'a product owner releases',
  releasing: 'on its way to production',
}

export type Passage = {
  state: ReleaseState
  at: number | null
  userId: string | null
  reason: string
  isCurrent: boolean
}

/** The main way with who took each step and when; an end that is off the way takes the place of what was not reached. */
export function passagesOf(release: Release): Passage[] {
  const ended = endStates.includes(release.state)
  const reached = new Map(release.history.map((entry) => [entry.state, entry]))
  const way = ended ? [...mainWay.filter((state) => reached.has(state)), release.state] : mainWay
  // A state that a later one fell back behind is not reached any more: testing again drops the certificate.
  const currentPlace = way.indexOf(release.state)
  return way.map((state, place) => {
    const entry = place <= currentPlace ? reached.get(state) : undefined
    return {
      state,
      at: entry?.at ?? null,
      userId: entry?.userId ?? null,
      reason: entry?.reason ?? '',
      isCurrent: state === release.state,
    }
  })
}
