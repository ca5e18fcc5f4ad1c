import { type ReactNode, useCallback, useEffect, useEffectEvent, useMemo, useState } from 'react'
import type { OutputOf } from '../../contract/api.ts'
import { SessionContext, type SessionInfo } from '../data/session.ts'
import { useConnectionState, useRpcClient, useSession } from '../rpc/hooks.ts'
import { idleMs, watchIdle } from '../rpc/watch-idle.ts'
import { ErrorState, Loading } from '../widgets/States.tsx'
import { Doorway } from './Doorway.tsx'
import { SetUpPage } from './SetUpPage.tsx'
import { SignInPage } from './SignInPage.tsx'

type DemoAccount = OutputOf<'session.state'>['demoAccounts'][number]

const idleNotice = `You were signed out after ${idleMs / 60_000} minutes without a hand on the console.`

/** Lets nobody past who has not signed in; an empty workspace is set up first. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { state, enter, signOut } = useSession()
  const client = useRpcClient()
  const connection = useConnectionState()
  const [notice, setNotice] = useState<string | null>(null)
  /** Name of the demo person whose part is being taken. */
  const [becoming, setBecoming] = useState<string | null>(null)
  // Where the service cannot be reached there is nothing to leave: it ends idle sessions by itself.
  const leave = useEffectEvent(() => signOut().catch(() => {}))
  const user = state.data?.user ?? null
  const userId = user?.id ?? null

  useEffect(() => {
    if (userId === null) return
    return watchIdle(() => {
      setNotice(idleNotice)
      void leave()
    })
  }, [userId])

  const leaveByHand = useCallback(async () => {
    setNotice(null)
    await leave()
  }, [])
  const take = useEffectEvent(async (account: DemoAccount) => {
    setBecoming(account.name)
    try {
      await leave()
      const answer = await client.call('session.signIn', { login: account.login, password: account.password })
      if (answer.status === 'signed-in') await enter(answer.ticket)
      else setNotice(answer.message)
    } catch (error) {
      setNotice(error instanceof Error ? error.message : String(error))
    } finally {
      setBecoming(null)
    }
  })
  const takeByHand = useCallback((account: DemoAccount) => take(account), [])
  const { data } = state
  const session = useMemo<SessionInfo | null>(() => {
    if (!data?.user) return null
    const { user, workspaceName, isDemo, demoAccounts } = data
    const others = demoAccounts.filter(({ login }) => login !== user.login)
    return {
      user,
      workspaceName,
      isDemo,
      signOut: leaveByHand,
      otherParts: others.map((account) => ({ ...account, take: () => takeByHand(account) })),
    }
  }, [data, leaveByHand, takeByHand])

  if (becoming !== null) {
    return (
      <Doorway title={`Becoming ${becoming}`}>
        <Loading rows={3} label="Signing in" />
      </Doorway>
    )
  }

  if (data === undefined) {
    if (state.error !== null && connection !== 'connecting') {
      return (
        <Doorway title="The service does not answer">
          <ErrorState message={state.error.message} onRetry={() => void state.refetch()} />
        </Doorway>
      )
    }
    return (
      <Doorway title="Connecting to the service">
        <Loading rows={3} label="Connecting to the service" />
      </Doorway>
    )
  }
  if (data.needsSetUp) return <SetUpPage onTicket={enter} />
  if (session === null) {
    return (
      <SignInPage
        workspaceName={data.workspaceName}
        demoAccounts={data.demoAccounts}
        notice={notice}
        onTicket={async (ticket) => {
          await enter(ticket)
          setNotice(null)
        }}
      />
    )
  }
  return <SessionContext value={session}>{children}</SessionContext>
}
