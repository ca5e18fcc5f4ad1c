import { createContext, useContext } from 'react'
import { api, type MethodName } from '../../contract/api.ts'
import type { Role, User } from '../../contract/user.ts'

/** Who is signed in, and how they leave. */
export type SessionInfo = {
  user: User
  workspaceName: string
  isDemo: boolean
  signOut: () => Promise<void>
  /** Demo workspaces only: the other parts that can be taken, each by one click. */
  otherParts: readonly { login: string; name: string; role: string; take: () => Promise<void> }[]
}

export const SessionContext = createContext<SessionInfo | null>(null)

/** The session of the person before the page; pages are shown to nobody else. */
export function useSessionInfo(): SessionInfo {
  const session = useContext(SessionContext)
  if (session === null) throw new Error('Pages are shown only to people who have signed in')
  return session
}

export function useUser(): User {
  return useSessionInfo().user
}

/** Whether this person's roles allow a method. It spares them a refusal; the service decides. */
export function useMay(method: MethodName): boolean {
  const { roles } = useUser()
  return roles.some((role) => (api[method].roles as readonly string[]).includes(role))
}

const roleNames: Record<Role, string> = {
  viewer: 'viewer',
  operator: 'operator',
  'product-owner': 'product owner',
  'qa-expert': 'QA expert',
  administrator: 'administrator',
}

export function roleName(role: Role): string {
  return roleNames[role]
}

/** "QA expert, product owner" */
export function roleList(roles: readonly Role[]): string {
  return roles.map(roleName).join(', ')
}

/** Who may call a method: "operator, QA expert or administrator". */
export function whoMay(method: MethodName): string {
  const names = api[method].roles.filter((role) => role !== 'visitor').map((role) => roleNames[role])
  return names.length <= 1 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
