import type { Action } from '../../contract/alert.ts'
import type { ParsedInputOf } from '../../contract/api.ts'
import type { Revisioned } from '../../contract/records.ts'
import type { Release } from '../../contract/release.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import { moveRelease } from '../../rules/release-states.ts'
import type { Put } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import type { Actions } from '../rooms.ts'
import { requireStep } from './decide.ts'
import { type LoadedRelease, loadRelease } from './load-release.ts'

type Order = ParsedInputOf<'releases.release'>

/** Sending a version to production, or the one before it back, through the outbox of actions. */
export function createSending(
  { store, now }: Pick<ServiceContext, 'store' | 'now'>,
  actions: Pick<Actions, 'request'>,
) {
  const { records } = store

  async function requireNothingUnderWay({ release }: LoadedRelease): Promise<void> {
    const begun = await records.list('action', { link: 'releaseId', id: release.record.id })
    const isBusy = begun.some(({ record }) => record.state === 'requested' || record.state === 'running')
    if (isBusy) throw new RpcError('conflict', 'An action of this release is still under way')
  }

  async function send(
    loaded: LoadedRelease,
    { connectionId, reason }: Order,
    caller: Caller,
    what: {
      readonly kind: 'release' | 'roll-back'
      readonly auditAction: string
      readonly versionId: string
      readonly change: (release: Release, action: Action) => Release
    },
  ): Promise<Revisioned<'release'>> {
    const { release } = loaded
    await requireNothingUnderWay(loaded)
    let sent: Release | null = null
    await actions.request(
      {
        kind: what.kind,
        alertId: null,
        releaseId: release.record.id,
        deploymentId: release.record.productionDeploymentId,
        connectionId,
        targetVersionId: what.versionId,
        reason,
        caller,
        auditAction: what.auditAction,
      },
      (action): Put[] => {
        sent = { ...what.change(release.record, action), actionIds: [...release.record.actionIds, action.id] }
        return [{ kind: 'release', record: sent, revision: release.revision }]
      },
    )
    // It may have moved on already: a quick connector can have ended by now.
    const current = await records.get('release', release.record.id)
    if (current === null || sent === null) throw new Error('A request that was stored must have changed its release')
    return current
  }

  return {
    async release(order: Order, caller: Caller): Promise<Revisioned<'release'>> {
      const loaded = await loadRelease(records, order.id, now())
      requireStep('release', loaded, order.revision, caller)
      return send(loaded, order, caller, {
        kind: 'release',
        auditAction: 'releases.release',
        versionId: loaded.release.record.versionId,
        change: (release, action) =>
          moveRelease(release, 'releasing', {
            at: action.requestedAt,
            userId: caller.userId,
            reason: order.reason,
          }),
      })
    },

    async rollBack(order: Order, caller: Caller): Promise<Revisioned<'release'>> {
      const loaded = await loadRelease(records, order.id, now())
      requireStep('roll-back', loaded, order.revision, caller)
      const { fromVersionId } = loaded.release.record
      if (fromVersionId === null) throw new Error('A release without a version before it passed the rules')
      return send(loaded, order, caller, {
        kind: 'roll-back',
        auditAction: 'releases.rollBack',
        versionId: fromVersionId,
        // It stays released until the connector has done it.
        change: (release) => release,
      })
    },
  }
}
