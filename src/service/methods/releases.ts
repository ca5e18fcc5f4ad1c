import type { OutputOf } from '../../contract/api.ts'
import type { Caller } from '../../contract/user.ts'
import { stepsOf } from '../../rules/release-states.ts'
import { type ServiceContext, userNames } from '../context.ts'
import { loadRelease } from '../releases/load-release.ts'
import type { Releases } from '../releases/releases.ts'
import { submitRelease } from '../releases/submit.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

const maxReceipts = 1000

/** Entries of the log that are about the release or changed it, oldest first; attempts that were refused are no steps. */
async function receiptsOf({ store }: ServiceContext, id: string): Promise<OutputOf<'releases.get'>['receipts']> {
  const [about, history] = await Promise.all([
    store.audit.list({ limit: maxReceipts, before: null, action: null, subjectId: id, actorId: null }),
    store.records.history('release', id),
  ])
  const found = new Map(about.map((item) => [item.entry.index, item]))
  for (const { auditIndex } of history) {
    const item = found.has(auditIndex) ? null : await store.audit.entry(auditIndex)
    if (item !== null) found.set(auditIndex, item)
  }
  return [...found.values()]
    .filter(({ entry }) => entry.details.outcome !== 'refused')
    .sort((a, b) => a.entry.index - b.entry.index)
    .map(({ entry, leafHash }) => ({
      action: entry.action,
      at: entry.at,
      actorName: entry.actor.name,
      index: entry.index,
      leafHash,
    }))
}

async function showRelease(context: ServiceContext, id: string, caller: Caller): Promise<OutputOf<'releases.get'>> {
  const { store, now } = context
  const loaded = await loadRelease(store.records, id, now())
  const [actions, names, receipts] = await Promise.all([
    store.records.list('action', { link: 'releaseId', id }),
    userNames(store),
    receiptsOf(context, id),
  ])
  return {
    release: loaded.release,
    plan: loaded.plan,
    runs: loaded.runs.map(({ record }) => record),
    certificate: loaded.certificate,
    actions: actions.map(({ record }) => record),
    modelName: loaded.model.name,
    versionName: loaded.version.name,
    fromVersionName: loaded.fromVersion?.name ?? null,
    userNames: names,
    steps: stepsOf(loaded.evidence, caller),
    receipts,
  }
}

/** Releases as pages see and move them. */
export function createReleaseHandlers(context: ServiceContext, releases: Releases): HandlersOf<'releases'> {
  const { records } = context.store
  return {
    'releases.list': async ({ modelId }) => {
      const [found, models, versions] = await Promise.all([
        modelId === null ? records.list('release') : records.list('release', { link: 'modelId', id: modelId }),
        records.list('model'),
        records.list('version'),
      ])
      const modelNames = new Map(models.map(({ record }) => [record.id, record.name]))
      const versionNames = new Map(versions.map(({ record }) => [record.id, record.name]))
      return found.map(({ revision, record }) => ({
        revision,
        record,
        modelName: modelNames.get(record.modelId) ?? record.modelId,
        versionName: versionNames.get(record.versionId) ?? record.versionId,
      }))
    },
    'releases.get': ({ id }, { caller }) => showRelease(context, id, caller),
    'releases.submit': (input, { caller }) => submitRelease(context, input, caller),
    'releases.runTests': (input, { caller }) => releases.runTests(input, caller),
    'releases.certify': (input, { caller }) => releases.certify(input, caller),
    'releases.approve': (input, { caller }) => releases.approve(input, caller),
    'releases.release': (input, { caller }) => releases.release(input, caller),
    'releases.rollBack': (input, { caller }) => releases.rollBack(input, caller),
    'releases.withdraw': (input, { caller }) => releases.withdraw(input, caller),
  }
}
