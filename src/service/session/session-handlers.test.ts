import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callerWith, visitor } from '../../../test/support/rpc.ts'
import { openTestStore, type TestStore } from '../../../test/support/test-store.ts'
import type { Caller } from '../../contract/user.ts'
import type { RecordStore } from '../../store/store.ts'
import { unlockPersonKey } from '../proof/keys.ts'
import type { CallContext } from '../rpc/handlers.ts'
import { credentialOf } from './accounts.ts'
import { createSessionHandlers, type SessionHandlerParts } from './session-handlers.ts'
import { createSessions } from './sessions.ts'
import { createUserHandlers } from './user-handlers.ts'

const password = 'correct horse'
const minutes = 60_000

describe('sessions and people', () => {
  let clock: number
  let opened: TestStore
  let records: RecordStore
  let parts: SessionHandlerParts
  let session: ReturnType<typeof createSessionHandlers>
  let users: ReturnType<typeof createUserHandlers>

  const as = (caller: Caller, sessionId: string | null = null): CallContext => ({
    caller,
    signal: new AbortController().signal,
    connectionId: 'c',
    sessionId,
  })
  const administrator = callerWith('administrator')

  beforeEach(async () => {
    clock = 1_000_000
    opened = await openTestStore()
    records = opened.store.records
    let ids = 0
    parts = {
      records,
      sessions: createSessions({ now: () => clock, random: randomBytes }),
      now: () => clock,
      newId: (prefix) => `${prefix}_${++ids}`,
      random: randomBytes,
      scryptCost: { N: 2 ** 15, r: 8, p: 1 },
      productVersion: '0.1.0',
      demoAccounts: () => [],
      newSettings: (name) => ({
        id: 'set_workspace',
        name,
        isDemo: false,
        logOrigin: 'log',
        defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
        notifications: { desktop: true, webhookIds: [] },
        timeBounds: { maxFutureMs: 1, maxPastMs: 1 },
        createdAt: clock,
      }),
    }
    session = createSessionHandlers(parts)
    users = createUserHandlers(parts)
  })
  afterEach(() => opened.dispose())

  const setUp = () =>
    session['session.setUp']({ workspaceName: 'Park', login: 'ana', name: 'Ana', password }, as(visitor))
  const signIn = (attempt: string, login = 'ana') =>
    session['session.signIn']({ login, password: attempt }, as(visitor))

  it('sets a workspace up once, and its ticket opens one session', async () => {
    expect(await session['session.state']({}, as(visitor))).toMatchObject({ needsSetUp: true, user: null })
    const outcomes = await Promise.allSettled([setUp(), setUp()])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const ticket = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.ticket] : []))[0]
    expect((await opened.auditEntries()).map(({ action }) => action)).toEqual(['session.setUp'])
    const begun = parts.sessions.redeem(ticket)
    expect(begun?.session.caller).toMatchObject({ name: 'Ana', roles: ['administrator'] })
    expect(parts.sessions.redeem(ticket)).toBeNull()
    const state = await session['session.state']({}, as(begun?.session.caller as Caller))
    expect(state).toMatchObject({ needsSetUp: false, workspaceName: 'Park', user: { login: 'ana' } })
  })

  it('gives a ticket for the right password alone, good for 30 seconds', async () => {
    await setUp()
    expect(await signIn('wrong')).toEqual({ status: 'refused', message: 'The name or the password is wrong' })
    expect(await signIn(password, 'nobody')).toEqual({
      status: 'refused',
      message: 'The name or the password is wrong',
    })
    const right = await signIn(password)
    if (right.status !== 'signed-in') throw new Error('expected to be signed in')
    clock += 30_000
    expect(parts.sessions.redeem(right.ticket)).toBeNull()
    expect((await opened.auditEntries()).map(({ action, details }) => [action, details.outcome, details.why])).toEqual([
      ['session.setUp', undefined, undefined],
      ['session.signIn', 'refused', 'password'],
      ['session.signIn', 'refused', 'nobody'],
      ['session.signIn', 'signed-in', undefined],
    ])
    expect(JSON.stringify(await opened.auditEntries())).not.toContain(password)
  })

  it('locks an account after five failures, made at once or not, and opens it again after 15 minutes', async () => {
    await setUp()
    const outcomes = await Promise.all(Array.from({ length: 7 }, () => signIn('guess')))
    expect(outcomes.map((outcome) => outcome.status === 'refused' && outcome.message.includes('locked'))).toEqual([
      ...[false, false, false, false],
      ...[true, true, true],
    ])
    expect(await signIn(password)).toMatchObject({ status: 'refused' })
    clock += 15 * minutes
    expect(await signIn(password)).toMatchObject({ status: 'signed-in' })
    expect(await opened.auditEntries()).toHaveLength(1 + 7 + 2)
  })

  it('locks nobody out for years, and lets no session live on, when the clock is set back', async () => {
    await setUp()
    const begun = parts.sessions.redeem(((await signIn(password)) as { ticket: string }).ticket)
    const right = clock
    clock += 5 * 365 * 24 * 60 * minutes
    for (let count = 0; count < 5; count++) await signIn('guess')
    expect(await signIn(password)).toMatchObject({ status: 'refused' })
    const late = parts.sessions.redeem(parts.sessions.issueTicket((await records.list('user'))[0].record))
    clock = right + minutes
    expect(await signIn(password)).toMatchObject({ status: 'signed-in' })
    expect(parts.sessions.touch(late?.session.id ?? '')).toBe(false)
    expect(parts.sessions.touch(begun?.session.id ?? '')).toBe(true)
  })

  it('ends a session after half an hour without a call, after twelve hours in any case', async () => {
    const begin = async () => parts.sessions.redeem((await setUp()).ticket)
    const begun = await begin()
    if (begun === null) throw new Error('expected a session')
    const { session: mine, token } = begun
    const ended: string[] = []
    parts.sessions.onEnd((id) => ended.push(id))
    for (let passed = 0; passed < 12 * 60; passed += 20) {
      expect(parts.sessions.touch(mine.id), `${passed} minutes`).toBe(true)
      clock += 20 * minutes
    }
    parts.sessions.sweep()
    expect(ended).toEqual([mine.id])
    expect(parts.sessions.byToken(token)).toBeNull()

    const again = await signIn(password)
    const next = again.status === 'signed-in' ? parts.sessions.redeem(again.ticket) : null
    clock += 30 * minutes
    expect(parts.sessions.touch(next?.session.id ?? '')).toBe(false)
  })

  it('changes a password: the key stays, is sealed anew, and other sessions end', async () => {
    const first = parts.sessions.redeem((await setUp()).ticket)
    const second = await signIn(password)
    const other = second.status === 'signed-in' ? parts.sessions.redeem(second.ticket) : null
    if (!first || !other) throw new Error('expected two sessions')
    const change = (from: string) =>
      session['session.changePassword'](
        { password: from, newPassword: 'battery staple' },
        as(first.session.caller, first.session.id),
      )
    expect(await change('wrong')).toMatchObject({ status: 'refused' })
    expect(await change(password)).toEqual({ status: 'changed' })
    expect(parts.sessions.touch(first.session.id)).toBe(true)
    expect(parts.sessions.touch(other.session.id)).toBe(false)
    expect(await signIn(password)).toMatchObject({ status: 'refused' })
    expect(await signIn('battery staple')).toMatchObject({ status: 'signed-in' })

    const user = (await records.find('user', 'ana'))?.record
    if (!user) throw new Error('expected the user')
    const encryptedKey = (await credentialOf(records, user.id))?.record.encryptedKey ?? ''
    const unlocked = await unlockPersonKey({ ...user, encryptedKey }, { userId: user.id, password: 'battery staple' })
    expect(unlocked).toMatchObject({ status: 'unlocked', signer: { keyId: user.keyId } })
  })

  it('signs out with one audit entry', async () => {
    const begun = parts.sessions.redeem((await setUp()).ticket)
    await session['session.signOut']({}, as(administrator, begun?.session.id))
    expect(parts.sessions.touch(begun?.session.id ?? '')).toBe(false)
    expect((await opened.auditEntries()).at(-1)).toMatchObject({ action: 'session.signOut', actor: { name: 'Ana' } })
  })

  it('adds people with keys of their own, and refuses a name that is taken', async () => {
    await setUp()
    const input = { login: 'ben', name: 'Ben', roles: ['qa-expert' as const], password }
    const made = await users['users.create'](input, as(administrator))
    const all = await users['users.list']({}, as(administrator))
    expect(new Set(all.map(({ record }) => record.keyId)).size).toBe(2)
    expect(JSON.stringify(all)).not.toContain('scrypt')
    expect(made).toMatchObject({ revision: 1, record: { login: 'ben', roles: ['qa-expert'] } })
    await expect(users['users.create'](input, as(administrator))).rejects.toMatchObject({ code: 'conflict' })
  })

  it('keeps one administrator, refuses stale changes, and signs out who loses a role', async () => {
    const begun = parts.sessions.redeem((await setUp()).ticket)
    const [ana] = await users['users.list']({}, as(administrator))
    const update = (change: object, revision = 1) =>
      users['users.update']({ id: ana.record.id, revision, ...change }, as(administrator))
    await expect(update({ isDisabled: true })).rejects.toMatchObject({ code: 'refused' })
    await expect(update({ roles: ['viewer'] })).rejects.toMatchObject({ code: 'refused' })
    await update({ name: 'Ana B.' })
    expect(parts.sessions.touch(begun?.session.id ?? '')).toBe(true)
    await expect(update({ name: 'Ana C.' })).rejects.toMatchObject({ code: 'stale' })
    await update({ roles: ['administrator', 'qa-expert'] }, 2)
    expect(parts.sessions.touch(begun?.session.id ?? '')).toBe(false)
  })
})
