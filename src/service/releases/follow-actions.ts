import type { Action } from '../../contract/alert.ts'
import type { Deployment } from '../../contract/model.ts'
import type { Release } from '../../contract/release.ts'
import { RpcError } from '../../contract/rpc.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import { moveRelease } from '../../rules/release-states.ts'
import type { Put, RecordStore } from '../../store/store.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { loadRelease, releaseSubject } from './load-release.ts'

const hasEnded = (action: Action) => action.state !== 'requested' && action.state !== 'running'

/** The deployment as it runs from now on. */
function switched(deployment: Deployment, versionId: string, action: Action, at: number): Deployment {
  return {
    ...deployment,
    versionId,
    history: [...deployment.history, { versionId, from: at, reason: action.reason, releaseId: action.releaseId }],
  }
}

/** Where a release goes when an action of its own has ended; null when it stays. */
function nextState(release: Release, action: Action): Release['state'] | null {
  const isDone = action.state === 'succeeded'
  if (action.kind === 'release' && release.state === 'releasing') return isDone ? 'released' : 'approved'
  if (action.kind === 'roll-back' && release.state === 'released') return isDone ? 'rolled-back' : null
  return null
}

/** What was in production before ends with a release, unless it is the one that a roll-back brings back. */
async function supersede(records: RecordStore, release: Release, at: number): Promise<Put[]> {
  const others = await records.list('release', { link: 'productionDeploymentId', id: release.productionDeploymentId })
  return others.flatMap(({ revision, record }): Put[] =>
    record.id !== release.id && record.state === 'released'
      ? [
          {
            kind: 'release',
            revision,
            record: moveRelease(record, 'superseded', { at, userId: null, reason: 'A newer version was released' }),
          },
        ]
      : [],
  )
}

async function settleOnce(records: RecordStore, action: Action, releaseId: string, now: () => number): Promise<void> {
  const loaded = await loadRelease(records, releaseId, now())
  const { release, production } = loaded
  const to = nextState(release.record, action)
  const isDone = action.state === 'succeeded'
  const problem = isDone ? null : (action.problem ?? `The ${action.kind} ended as ${action.state}`)
  if (to === null) {
    // A roll-back that failed leaves the release where it was; the action itself says why.
    return
  }
  const at = now()
  const puts: Put[] = [
    {
      kind: 'release',
      revision: release.revision,
      record: moveRelease(release.record, to, { at, userId: null, reason: problem ?? action.reason }),
    },
  ]
  if (to === 'released') puts.push(...(await supersede(records, release.record, at)))
  const versionId = to === 'released' ? release.record.versionId : release.record.fromVersionId
  if (isDone && versionId !== null && production.record.versionId !== versionId)
    puts.push({
      kind: 'deployment',
      revision: production.revision,
      record: switched(production.record, versionId, action, at),
    })
  await commitOrRefuse(
    records,
    puts,
    draftOf(systemCaller, at, {
      action: 'system.releaseSettled',
      subject: releaseSubject(loaded),
      reason: problem,
      details: { state: to, actionId: action.id, outcome: action.state },
    }),
  )
}

/**
 * Takes a release on once an action of it has ended: released (and the one before superseded) or rolled back when it succeeded, back to
 * approved with the problem when not. Asked twice it does nothing the second time.
 */
export async function settleRelease(records: RecordStore, action: Action, now: () => number): Promise<void> {
  if (action.releaseId === null || !hasEnded(action)) return
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await settleOnce(records, action, action.releaseId, now)
    } catch (error) {
      if (!(error instanceof RpcError && error.code === 'stale') || attempt === 5) throw error
    }
  }
}

/**
 * A switch or roll-back that an alert asked for took another version into production: the release that had put the former there has
 * been rolled back.
 */
export async function settleSwitched(records: RecordStore, action: Action, now: () => number): Promise<void> {
  const isSwitch = action.kind === 'switch' || action.kind === 'roll-back'
  if (action.releaseId !== null || action.deploymentId === null || !isSwitch || action.state !== 'succeeded') return
  const deployment = await records.get('deployment', action.deploymentId)
  const releases = await records.list('release', { link: 'productionDeploymentId', id: action.deploymentId })
  const ousted = releases.find(
    ({ record }) => record.state === 'released' && record.versionId !== deployment?.record.versionId,
  )
  if (ousted === undefined) return
  const at = now()
  const loaded = await loadRelease(records, ousted.record.id, at)
  await commitOrRefuse(
    records,
    [
      {
        kind: 'release',
        revision: ousted.revision,
        record: moveRelease(ousted.record, 'rolled-back', {
          at,
          userId: null,
          reason: action.reason || 'Switched away',
        }),
      },
    ],
    draftOf(systemCaller, at, {
      action: 'system.releaseSettled',
      subject: releaseSubject(loaded),
      details: { state: 'rolled-back', actionId: action.id, outcome: action.state },
    }),
  )
}

/** Settles what ended while nobody was listening. */
export async function settleLeftOvers(records: RecordStore, now: () => number): Promise<void> {
  for (const { record } of await records.list('release')) {
    if (record.state !== 'releasing' && record.state !== 'released') continue
    const lastId = record.actionIds.at(-1)
    const action = lastId === undefined ? null : await records.get('action', lastId)
    if (action !== null) await settleRelease(records, action.record, now)
  }
}
