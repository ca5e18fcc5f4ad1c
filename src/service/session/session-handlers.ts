import type { OutputOf } from '../../contract/api.ts'
import type { AuditDraft } from '../../contract/audit.ts'
import type { Revisioned } from '../../contract/records.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import type { WorkspaceSettings } from '../../contract/workspace.ts'
import type { Put } from '../../store/store.ts'
import { changeKeyPassword } from '../proof/keys.ts'
import { hashPassword } from '../proof/passwords.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { type AccountParts, type Attempt, credentialOf, makeAccount, refusalOf, tryPassword } from './accounts.ts'
import { commitOrRefuse, draftOf } from './commit.ts'
import { createTurns } from './in-turn.ts'
import { callerOf, type Sessions } from './sessions.ts'

export interface SessionHandlerParts extends AccountParts {
  readonly sessions: Sessions
  readonly productVersion: string
  /** Accounts of a demo workspace with their passwords; empty elsewhere. */
  readonly demoAccounts: () => OutputOf<'session.state'>['demoAccounts']
  /** Settings of a workspace that has none yet, named by who sets it up. */
  readonly newSettings: (name: string) => WorkspaceSettings
}

const settingsId = 'set_workspace'

/** Signing in and out, setting up, changing one's password. Every command leaves one audit entry, refused or not. */
export function createSessionHandlers(parts: SessionHandlerParts): HandlersOf<'session'> {
  const { records, sessions, now } = parts
  // Attempts on one account follow one another: tried together, they would all be made before the first is counted.
  const inTurn = createTurns()

  async function attempt(
    userId: string | null,
    password: string,
    draft: (attempt: Attempt) => AuditDraft,
    also: (attempt: Attempt, put: Put | null) => Promise<readonly Put[]> = async (_, put) => (put ? [put] : []),
  ): Promise<Attempt> {
    const stored = userId === null ? null : await credentialOf(records, userId)
    const tried = await tryPassword(password, stored?.record ?? null, parts)
    const put: Put | null =
      tried.changed && stored ? { kind: 'credential', record: tried.changed, revision: stored.revision } : null
    await commitOrRefuse(records, await also(tried, put), draft(tried))
    return tried
  }

  const subjectOf = ({ record }: Revisioned<'user'>) => ({ kind: 'user', id: record.id, name: record.name })

  return {
    'session.state': async (_, { caller }) => {
      const [settings, users, self] = await Promise.all([
        records.get('settings', settingsId),
        records.list('user'),
        caller.userId === null ? null : records.get('user', caller.userId),
      ])
      return {
        workspaceName: settings?.record.name ?? '',
        isDemo: settings?.record.isDemo ?? false,
        needsSetUp: users.length === 0,
        user: self?.record ?? null,
        productVersion: parts.productVersion,
        demoAccounts: settings?.record.isDemo ? parts.demoAccounts() : [],
      }
    },

    'session.setUp': (input) =>
      inTurn('set-up', async () => {
        if ((await records.list('user')).length > 0) {
          throw new RpcError('conflict', 'This workspace has been set up: sign in')
        }
        const settings = await records.get('settings', settingsId)
        const { user, credential } = await makeAccount({ ...input, roles: ['administrator'] }, parts)
        const record = settings
          ? { ...settings.record, name: input.workspaceName }
          : parts.newSettings(input.workspaceName)
        await commitOrRefuse(
          records,
          [
            { kind: 'settings', record, revision: settings?.revision ?? null },
            { kind: 'user', record: user, revision: null },
            { kind: 'credential', record: credential, revision: null },
          ],
          draftOf(callerOf(user), now(), {
            action: 'session.setUp',
            subject: { kind: 'settings', id: settingsId, name: input.workspaceName },
          }),
        )
        return { ticket: sessions.issueTicket(user) }
      }),

    'session.signIn': ({ login, password }, { caller }) =>
      inTurn(`sign-in ${login}`, async () => {
        const found = await records.find('user', login)
        const user = found !== null && !found.record.isDisabled ? found : null
        const tried = await attempt(user?.record.id ?? null, password, (outcome) => {
          const isIn = outcome.status === 'right'
          const actor: Caller = isIn && user ? callerOf(user.record) : caller
          // What was typed for an unknown name is not kept: it may be somebody's password.
          return draftOf(actor, now(), {
            action: 'session.signIn',
            subject: found && subjectOf(found),
            details: isIn
              ? { outcome: 'signed-in' }
              : { outcome: 'refused', why: found && !user ? 'disabled' : outcome.why },
          })
        })
        if (tried.status === 'wrong') return { status: 'refused', message: refusalOf(tried) }
        if (user === null) throw new Error('A password cannot be right for nobody')
        return { status: 'signed-in', ticket: sessions.issueTicket(user.record) }
      }),

    'session.signOut': async (_, { caller, sessionId }) => {
      await commitOrRefuse(records, [], draftOf(caller, now(), { action: 'session.signOut' }))
      if (sessionId !== null) sessions.end(sessionId)
      return {}
    },

    'session.changePassword': async ({ password, newPassword }, { caller, sessionId }) => {
      const user = caller.userId === null ? null : await records.get('user', caller.userId)
      if (user === null) throw new RpcError('signed-out', 'Sign in first')
      const { id: userId, login, keyId, publicKeyPem } = user.record
      return inTurn(`sign-in ${login}`, async () => {
        const tried = await attempt(
          userId,
          password,
          (outcome) =>
            draftOf(caller, now(), {
              action: 'session.changePassword',
              subject: subjectOf(user),
              details: outcome.status === 'right' ? { outcome: 'changed' } : { outcome: 'refused', why: outcome.why },
            }),
          async (outcome, put) => {
            if (outcome.status === 'wrong') return put ? [put] : []
            const stored = await credentialOf(records, userId)
            if (stored === null) throw new Error(`The credential of ${userId} is gone`)
            const options = { cost: parts.scryptCost, random: parts.random }
            const changed = await changeKeyPassword(
              { keyId, publicKeyPem, encryptedKey: stored.record.encryptedKey },
              { userId, oldPassword: password, newPassword },
              options,
            )
            if (changed.status !== 'changed')
              throw new Error(`The key of ${userId} cannot be opened: ${changed.status}`)
            const record = {
              ...(outcome.changed ?? stored.record),
              passwordHash: await hashPassword(newPassword, options),
              encryptedKey: changed.key.encryptedKey,
            }
            return [{ kind: 'credential', record, revision: stored.revision }]
          },
        )
        if (tried.status === 'wrong') return { status: 'refused', message: refusalOf(tried) }
        sessions.endAllOf(userId, sessionId)
        return { status: 'changed' }
      })
    },
  }
}
