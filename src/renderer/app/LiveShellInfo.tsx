import { type ReactNode, useMemo } from 'react'
import { useJobUpdates } from '../data/jobs.ts'
import { roleList, useSessionInfo } from '../data/session.ts'
import { useConnectionState, useQueryMethod } from '../rpc/hooks.ts'
import { type ShellInfo, ShellInfoContext } from './shell-info.ts'

/** Fills what the frame shows from the session and the overview, and keeps the list of jobs current. */
export function LiveShellInfo({ children }: { children: ReactNode }) {
  const { user, workspaceName, signOut, otherParts } = useSessionInfo()
  const connection = useConnectionState()
  const overview = useQueryMethod('overview.get', {})
  useJobUpdates()
  const open = overview.data?.openAlerts
  const openAlerts = open === undefined ? 0 : open.critical + open.warning
  const info = useMemo<ShellInfo>(
    () => ({
      workspaceName,
      connection,
      user: { name: user.name, role: roleList(user.roles) },
      openAlerts,
      onSignOut: () => void signOut(),
      otherParts: otherParts.map((part) => ({ ...part, take: () => void part.take() })),
    }),
    [workspaceName, connection, user, openAlerts, signOut, otherParts],
  )
  return <ShellInfoContext value={info}>{children}</ShellInfoContext>
}
