import type { Revisioned } from '../../contract/records.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { User } from '../../contract/user.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { type AccountParts, makeAccount } from './accounts.ts'
import { commitOrRefuse, draftOf } from './commit.ts'
import { createTurns } from './in-turn.ts'
import type { Sessions } from './sessions.ts'

const isActiveAdministrator = (user: User) => !user.isDisabled && user.roles.includes('administrator')

/** The people of the workspace. A change of roles or access ends that person's sessions. */
export function createUserHandlers(parts: AccountParts & { readonly sessions: Sessions }): HandlersOf<'users'> {
  const { records, sessions, now } = parts
  // One at a time, so that two administrators cannot remove each other.
  const inTurn = createTurns()

  return {
    'users.list': () => records.list('user'),

    'users.create': async (input, { caller }) => {
      const { user, credential } = await makeAccount(input, parts)
      const [revision] = await commitOrRefuse(
        records,
        [
          { kind: 'user', record: user, revision: null },
          { kind: 'credential', record: credential, revision: null },
        ],
        draftOf(caller, now(), {
          action: 'users.create',
          subject: { kind: 'user', id: user.id, name: user.name },
          details: { login: user.login, roles: user.roles },
        }),
      )
      return { revision, record: user }
    },

    'users.update': ({ id, revision, name, roles, isDisabled }, { caller }) =>
      inTurn('update', async () => {
        const before: Revisioned<'user'> | null = await records.get('user', id)
        if (before === null) throw new RpcError('not-found', 'There is no such person')
        const record: User = {
          ...before.record,
          name: name ?? before.record.name,
          roles: roles ? [...new Set(roles)] : before.record.roles,
          isDisabled: isDisabled ?? before.record.isDisabled,
        }
        if (isActiveAdministrator(before.record) && !isActiveAdministrator(record)) {
          const others = (await records.list('user')).filter((other) => other.record.id !== id)
          if (!others.some((other) => isActiveAdministrator(other.record))) {
            throw new RpcError('refused', 'The workspace would be left without an administrator')
          }
        }
        const [after] = await commitOrRefuse(
          records,
          [{ kind: 'user', record, revision }],
          draftOf(caller, now(), {
            action: 'users.update',
            subject: { kind: 'user', id, name: record.name },
            details: { roles: record.roles, isDisabled: record.isDisabled },
          }),
        )
        const hasSameRights =
          record.isDisabled === before.record.isDisabled && `${record.roles}` === `${before.record.roles}`
        if (!hasSameRights) sessions.endAllOf(id)
        return { revision: after, record }
      }),
  }
}
