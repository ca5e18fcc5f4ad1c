import { type ReactNode, useCallback, useEffect, useEffectEvent, useMemo, useState } from 'react'
import { SessionContext, type SessionInfo } from '../data/session.ts'
import { useConnectionState, useSession } from '../rpc/hooks.ts'
import { idleMs, watchIdle } from '../rpc/watch-idle.ts'
import { ErrorState, Loading } from '../widgets/States.tsx'
import { Doorway } from './Doorway.tsx'
import { SetUpPage } from './SetUpPage.tsx'
import { SignInPage } from './SignInPage.tsx'

const idleNotice = `You were signed out after ${idleMs / 60_000} minutes without a hand on the console.`

/** Lets nobody past who has not signed in; an empty workspace is set up first. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { state, enter, signOut } = useSession()
  const connection = useConnectionState()
  const [notice, setNotice] = useState<string | null>(null)
  const leave = useEffectEvent(signOut)
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
  const { data } = state
  const session = useMemo<SessionInfo | null>(
    () =>
      data?.user
        ? { user: data.user, workspaceName: data.workspaceName, isDemo: data.isDemo, signOut: leaveByHand }
        : null,
    [data, leaveByHand],
  )

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
