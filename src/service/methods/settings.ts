import { engine } from '../../analysis/answer.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { WorkspaceSettings } from '../../contract/workspace.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

const id = 'set_workspace'
const hourMs = 3_600_000

/** Settings of the workspace. */
export function createSettingsHandlers({
  store,
  workspacePath,
  now,
}: Pick<ServiceContext, 'store' | 'workspacePath' | 'now'>): HandlersOf<'settings'> {
  const { records } = store

  async function requireSettings() {
    const settings = await records.get('settings', id)
    if (settings === null) throw new RpcError('not-found', 'The workspace has not been set up')
    return settings
  }

  async function checkChanges({ notifications, timeBounds }: Partial<WorkspaceSettings>) {
    for (const webhookId of notifications?.webhookIds ?? []) {
      const connection = await records.get('connection', webhookId)
      if (connection?.record.config.kind !== 'webhook')
        throw new RpcError('invalid-input', `${connection?.record.name ?? webhookId} is no webhook`)
    }
    // Clocks differ a little; and a bound of nothing would refuse everything.
    if (timeBounds !== undefined && (timeBounds.maxFutureMs < 0 || timeBounds.maxPastMs < hourMs))
      throw new RpcError(
        'invalid-input',
        'Samples of the last hour at least must be taken, and none may lie before now',
      )
  }

  return {
    'settings.get': async () => {
      const { databaseBytes } = await store.facts()
      return {
        settings: await requireSettings(),
        engine,
        workspacePath,
        databaseBytes,
        blobs: await store.blobs.usage(),
      }
    },

    'settings.update': async ({ revision, changes }, { caller }) => {
      const { record: before } = await requireSettings()
      await checkChanges(changes)
      const record: WorkspaceSettings = { ...before, ...changes }
      const [next] = await commitOrRefuse(
        records,
        [{ kind: 'settings', record, revision }],
        draftOf(caller, now(), {
          action: 'settings.update',
          subject: { kind: 'settings', id, name: record.name },
          details: { changed: Object.keys(changes) },
        }),
      )
      return { revision: next, record }
    },
  }
}
