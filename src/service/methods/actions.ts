import { RpcError } from '../../contract/rpc.ts'
import type { ActionsRoom } from '../actions/actions.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { pageOfList } from './page.ts'

/** What was done because of alerts, and doing it. */
export function createActionHandlers(
  { store }: Pick<ServiceContext, 'store'>,
  actions: Pick<ActionsRoom, 'request' | 'withLog'>,
): HandlersOf<'actions'> {
  const { records } = store
  return {
    'actions.list': async ({ alertId, limit, cursor }) => {
      const list =
        alertId === null ? await records.list('action') : await records.list('action', { link: 'alertId', id: alertId })
      const { items, ...page } = pageOfList(list.reverse(), { limit, cursor })
      return { items: items.map(({ revision, record }) => ({ revision, record: actions.withLog(record) })), ...page }
    },

    'actions.get': async ({ id }) => {
      const item = await records.get('action', id)
      if (item === null) throw new RpcError('not-found', 'There is no such action')
      return { revision: item.revision, record: actions.withLog(item.record) }
    },

    'actions.start': (input, { caller }) =>
      actions.request({ ...input, releaseId: null, caller, auditAction: 'actions.start' }),
  }
}
