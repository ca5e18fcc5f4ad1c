import Box from '@mui/material/Box'
import { createHashRouter, Navigate, Outlet, type RouteObject } from 'react-router'
import { Empty, Loading } from '../widgets/States.tsx'
import { RouteError } from './ErrorBoundary.tsx'
import { JobTray } from './JobTray.tsx'
import { LiveShellInfo } from './LiveShellInfo.tsx'
import { NamedCommands } from './NamedCommands.tsx'
import { Notifications } from './Notifications.tsx'
import { type Page, pages } from './routes.tsx'
import { Shell } from './Shell.tsx'

function Frame() {
  return (
    <LiveShellInfo>
      <Shell pages={pages} tools={<JobTray />}>
        <Outlet />
      </Shell>
      <NamedCommands />
      <Notifications />
    </LiveShellInfo>
  )
}

function pageRoute({ path, title, load }: Page): RouteObject {
  return {
    path: `${path}/*`,
    ...(load === undefined ? { element: <Empty title={`${title} is not part of this build`} /> } : { lazy: load }),
    errorElement: <RouteError />,
  }
}

/** Addresses live behind the hash, so that one file serves `app://` and the loopback server alike. */
export function createRouter() {
  return createHashRouter([
    {
      Component: Frame,
      errorElement: <RouteError />,
      hydrateFallbackElement: (
        <Box sx={{ p: 3 }}>
          <Loading label="Starting" />
        </Box>
      ),
      children: [
        { index: true, element: <Navigate to="/overview" replace /> },
        ...pages.map(pageRoute),
        {
          path: '*',
          element: <Empty title="There is no such page" hint="Choose one from the rail, or press Ctrl+K." />,
        },
      ],
    },
  ])
}
