import type { Limit, Target, ThresholdSet } from '../../contract/finding.ts'
import { RpcError } from '../../contract/rpc.ts'
import { limitFaults } from '../../rules/limits.ts'
import type { Put } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import { kindsOfTarget } from '../monitoring/ask.ts'
import { thresholdSetsOf } from '../monitoring/limits-in-force.ts'
import type { MonitoringRoom } from '../monitoring/monitoring.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { requireTarget } from './targets.ts'

const dayMs = 86_400_000
/** History that a change must be held against. */
const savedDays = 90

function requireSoundLimits(limits: readonly Limit[], target: Target): void {
  const fitting = kindsOfTarget[target.type]
  const strange = limits.find(
    ({ kind }) => !fitting.includes(kind) && !(target.type === 'deployment' && kind === 'endpoint'),
  )
  const faults = limitFaults(limits)
  if (strange !== undefined) faults.unshift(`A ${target.type} has no numbers on ${strange.kind}`)
  if (faults.length > 0)
    throw new RpcError('invalid-input', faults[0], {
      issues: faults.map((message) => ({ path: 'limits', message })),
    })
}

/** Limits in versions, each with author, reason and what it would have raised. */
export function createThresholdHandlers(
  { store, workers, now, newId, settings }: Pick<ServiceContext, 'store' | 'workers' | 'now' | 'newId' | 'settings'>,
  monitoring: Pick<MonitoringRoom, 'limits'>,
): HandlersOf<'thresholds'> {
  const { records } = store

  async function replay(target: Target, proposed: readonly Limit[], days: number, signal: AbortSignal) {
    const [{ limits: current }, { defaults }] = await Promise.all([monitoring.limits.inForce(target), settings()])
    const window = { from: Math.max(0, now() - days * dayMs), to: now() }
    const options = { alpha: defaults.alpha, minimumN: defaults.minimumN, confidence: defaults.confidence }
    return await workers.run('thresholds.backTest', { target, proposed, current, window, options }, { signal })
  }

  return {
    'thresholds.list': async ({ target }) => {
      const sets = await records.list('thresholdSet')
      return target === null ? sets : thresholdSetsOf(sets, target)
    },

    'thresholds.inForce': async ({ target }) => {
      await requireTarget(store, target)
      const { limits, thresholdSetId } = await monitoring.limits.inForce(target)
      const notes = thresholdSetId === null ? (await monitoring.limits.defaultsOf(target)).notes : []
      return { limits: [...limits], thresholdSetId, notes: [...notes] }
    },

    'thresholds.backTest': async ({ target, limits, days }, { signal }) => {
      await requireTarget(store, target)
      requireSoundLimits(limits, target)
      return await replay(target, limits, days, signal)
    },

    'thresholds.save': async ({ target, basedOnVersion, limits, reason }, { caller, signal }) => {
      if (caller.userId === null) throw new RpcError('signed-out', 'Sign in first')
      const name = await requireTarget(store, target)
      requireSoundLimits(limits, target)
      const backTest = await replay(target, limits, savedDays, signal)
      // Read after the replay, which may take a while.
      const sets = thresholdSetsOf(await records.list('thresholdSet'), target)
      const newest = sets[0]?.record.version ?? null
      if (newest !== basedOnVersion)
        throw new RpcError(
          'conflict',
          `These limits were drawn up on ${versionName(basedOnVersion)}; now there is ${versionName(newest)}`,
        )
      const record: ThresholdSet = {
        id: newId('thr'),
        target,
        version: (newest ?? 0) + 1,
        limits,
        authorId: caller.userId,
        reason,
        backTest,
        isActive: true,
        createdAt: now(),
      }
      const retired = sets
        .filter((set) => set.record.isActive)
        .map(
          (set): Put => ({ kind: 'thresholdSet', record: { ...set.record, isActive: false }, revision: set.revision }),
        )
      const [revision] = await commitOrRefuse(
        records,
        [{ kind: 'thresholdSet', record, revision: null }, ...retired],
        draftOf(caller, now(), {
          action: 'thresholds.save',
          subject: { kind: 'thresholdSet', id: record.id, name: `${name}, version ${record.version}` },
          reason,
          details: { target: target.id, limits: limits.length, silenced: backTest.silenced, added: backTest.added },
        }),
      )
      return { revision, record }
    },
  }
}

const versionName = (version: number | null) => (version === null ? 'no set' : `version ${version}`)
