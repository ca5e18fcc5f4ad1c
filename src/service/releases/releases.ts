import type { Caller } from '../../contract/user.ts'
import { moveRelease } from '../../rules/release-states.ts'
import type { ServiceContext } from '../context.ts'
import type { Actions, Collection } from '../rooms.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { createDecisions, requireStep } from './decide.ts'
import { settleLeftOvers, settleRelease, settleSwitched } from './follow-actions.ts'
import { loadRelease, releaseSubject } from './load-release.ts'
import { createSending } from './send.ts'
import { createSigning } from './signing.ts'
import { createTestRuns } from './test-runs.ts'

export type Releases = ReturnType<typeof createReleases>

/** A candidate's way to production: tested, certified, approved, sent. */
export function createReleases(
  context: ServiceContext,
  rooms: {
    readonly collection: Pick<Collection, 'endpointClient'>
    readonly actions: Pick<Actions, 'request' | 'onEnded'>
  },
) {
  const { store, now } = context
  const { records } = store
  const testRuns = createTestRuns(context, rooms.collection)
  const decisions = createDecisions(context, createSigning(context))
  const sending = createSending(context, rooms.actions)
  let stopListening: (() => void) | null = null

  return {
    ...decisions,
    ...sending,

    async runTests({ id, revision }: { id: string; revision: number }, caller: Caller) {
      const loaded = await loadRelease(records, id, now())
      requireStep('test', loaded, revision, caller)
      return testRuns.begin(loaded, caller)
    },

    async withdraw({ id, revision, reason }: { id: string; revision: number; reason: string }, caller: Caller) {
      const loaded = await loadRelease(records, id, now())
      requireStep('withdraw', loaded, revision, caller)
      const record = moveRelease(loaded.release.record, 'withdrawn', { at: now(), userId: caller.userId, reason })
      const [after] = await commitOrRefuse(
        records,
        [{ kind: 'release', record, revision }],
        draftOf(caller, now(), { action: 'releases.withdraw', subject: releaseSubject(loaded), reason }),
      )
      testRuns.cancel(id)
      return { revision: after, record }
    },

    /** Settles what was under way when the console stopped, and follows actions from now on. */
    async start(): Promise<void> {
      stopListening = rooms.actions.onEnded(async (action) => {
        await settleRelease(records, action, now)
        await settleSwitched(records, action, now)
      })
      await testRuns.recover()
      await settleLeftOvers(records, now)
    },
    close(): void {
      stopListening?.()
    },
  }
}
