import { createContext, useContext } from 'react'
import type { Deployment } from '../../contract/model.ts'

export type Environment = Deployment['environment']

export type Connection = 'connected' | 'connecting' | 'lost'

/** What the frame around the pages shows; filled by whoever holds the session. */
export type ShellInfo = {
  workspaceName: string
  connection: Connection
  user: { name: string; role: string } | null
  /** Open alerts, shown on the rail. */
  openAlerts: number
  onSignOut?: () => void
  /** Demo workspaces only: other people whose part can be taken at once. */
  otherParts?: readonly { login: string; name: string; role: string; take: () => void }[]
}

export const ShellInfoContext = createContext<ShellInfo>({
  workspaceName: 'No workspace',
  connection: 'connecting',
  user: null,
  openAlerts: 0,
})

export function useShellInfo(): ShellInfo {
  return useContext(ShellInfoContext)
}

export type EnvironmentChoice = { environment: Environment; setEnvironment: (environment: Environment) => void }

export const EnvironmentContext = createContext<EnvironmentChoice>({
  environment: 'production',
  setEnvironment: () => {},
})

/** The environment that the pages look at, chosen in the top bar. */
export function useEnvironment(): EnvironmentChoice {
  return useContext(EnvironmentContext)
}
