import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { followChanges } from './follow.ts'
import { RpcClientProvider } from './hooks.ts'
import type { ReconnectingClient } from './reconnecting-client.ts'

/** Gives pages the client, and keeps what they show up to date. Stands inside the QueryClientProvider. */
export function RpcProvider({ client, children }: { client: ReconnectingClient; children: ReactNode }) {
  const queries = useQueryClient()
  useEffect(() => followChanges(client, queries), [client, queries])
  return <RpcClientProvider value={client}>{children}</RpcClientProvider>
}
