import './rpc/no-eval.ts'
import '@fontsource-variable/inter/wght.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { App } from './app/App.tsx'
import { createRouter } from './app/router.tsx'
import { SessionGate } from './app/SessionGate.tsx'
import { openPort } from './rpc/open-port.ts'
import { RpcProvider } from './rpc/RpcProvider.tsx'
import { createReconnectingClient } from './rpc/reconnecting-client.ts'

const container = document.getElementById('root')
if (container === null) throw new Error('index.html has no element #root')

const queryClient = new QueryClient({
  // Events tell when something changed; asking again on focus would only add load.
  defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1, staleTime: 10_000 } },
})
const client = createReconnectingClient({ openPort })
const router = createRouter()

createRoot(container).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RpcProvider client={client}>
        <App>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </App>
      </RpcProvider>
    </QueryClientProvider>
  </StrictMode>,
)
