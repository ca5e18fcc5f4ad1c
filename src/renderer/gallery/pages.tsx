import '@fontsource-variable/inter/wght.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router/dom'
import { role } from '../../contract/user.ts'
import { App } from '../app/App.tsx'
import { createRouter } from '../app/router.tsx'
import { SessionGate } from '../app/SessionGate.tsx'
import { RpcProvider } from '../rpc/RpcProvider.tsx'
import { createFakeClient, type Mood } from './fake/fake-client.ts'

/* The real pages over a service in memory: `?mood=empty`, `failing` or `slow`, `?role=viewer`. Never part of the product's build. */

const moods: readonly Mood[] = ['park', 'empty', 'failing', 'slow']
const search = new URLSearchParams(window.location.search)
const mood = moods.find((each) => each === search.get('mood')) ?? 'park'
const as = role.safeParse(search.get('role'))

const container = document.getElementById('root')
if (container === null) throw new Error('gallery/pages.html has no element #root')

createRoot(container).render(
  <QueryClientProvider client={new QueryClient()}>
    <RpcProvider client={createFakeClient(mood, as.success ? as.data : 'qa-expert')}>
      <App>
        <SessionGate>
          <RouterProvider router={createRouter()} />
        </SessionGate>
      </App>
    </RpcProvider>
  </QueryClientProvider>,
)
