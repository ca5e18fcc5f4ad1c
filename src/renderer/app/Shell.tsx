import DarkModeOutlined from '@mui/icons-material/DarkModeOutlined'
import LightModeOutlined from '@mui/icons-material/LightModeOutlined'
import SearchOutlined from '@mui/icons-material/SearchOutlined'
import Badge from '@mui/material/Badge'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import IconButton from '@mui/material/IconButton'
import { useColorScheme } from '@mui/material/styles'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import Tooltip from '@mui/material/Tooltip'
import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { NavLink, useNavigate } from 'react-router'
import { CommandPalette } from './CommandPalette.tsx'
import { ConnectionState } from './ConnectionState.tsx'
import { type Command, useRegisterCommands } from './commands.tsx'
import { LostBanner } from './LostBanner.tsx'
import type { Page } from './routes.tsx'
import { type Environment, useEnvironment, useShellInfo } from './shell-info.ts'
import { UserMenu } from './UserMenu.tsx'

export type ShellProps = {
  pages: Page[]
  /** Stands in the top bar before the account: the tray of jobs. */
  tools?: ReactNode
  children: ReactNode
}

/** The frame around every page: rail, top bar, palette. */
export function Shell({ pages, tools, children }: ShellProps) {
  const [paletteOpen, setPaletteOpen] = useState(false)
  const openPalette = useCallback(() => setPaletteOpen(true), [])
  const closePalette = useCallback(() => setPaletteOpen(false), [])
  useShellCommands(pages)
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: '56px minmax(0, 1fr)', lg: '184px minmax(0, 1fr)' },
        gridTemplateRows: '48px auto minmax(0, 1fr)',
        height: '100vh',
      }}
    >
      <SkipLink />
      <TopBar tools={tools} onOpenPalette={openPalette} />
      <Box sx={{ gridColumn: '1 / -1' }}>
        <LostBanner />
      </Box>
      <Rail pages={pages} />
      <Box
        component="main"
        id="page"
        tabIndex={-1}
        sx={{ overflow: 'auto', px: { xs: 2, lg: 3 }, py: 2, '&:focus-visible': { outlineOffset: -2 } }}
      >
        {/* One column, no wider than a line of figures can be followed. */}
        <Box sx={{ maxWidth: 1680, mx: 'auto' }}>{children}</Box>
      </Box>
      <CommandPalette open={paletteOpen} onOpen={openPalette} onClose={closePalette} />
    </Box>
  )
}

function SkipLink() {
  // A plain link to #page would be taken for an address by the hash router.
  return (
    <Button
      variant="contained"
      onClick={() => document.getElementById('page')?.focus()}
      sx={{
        position: 'fixed',
        top: 8,
        left: 8,
        zIndex: 'tooltip',
        '&:not(:focus)': { transform: 'translateY(-200%)' },
      }}
    >
      Skip to the page
    </Button>
  )
}

function TopBar({ tools, onOpenPalette }: { tools: ReactNode; onOpenPalette: () => void }) {
  const info = useShellInfo()
  const { environment, setEnvironment } = useEnvironment()
  return (
    <Box
      component="header"
      sx={{
        gridColumn: '1 / -1',
        display: 'flex',
        alignItems: 'center',
        gap: 2,
        px: 2,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Box sx={{ display: 'flex', alignItems: 'baseline', gap: 1.25, minWidth: 0 }}>
        <Box component="span" sx={{ fontWeight: 680, fontSize: '0.9375rem', letterSpacing: '-0.01em' }}>
          Assay
        </Box>
        <Box
          component="span"
          title={info.workspaceName}
          sx={{ color: 'text.secondary', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
        >
          {info.workspaceName}
        </Box>
      </Box>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={environment}
        aria-label="Environment"
        onChange={(_, chosen: Environment | null) => chosen !== null && setEnvironment(chosen)}
        sx={{ '& .MuiToggleButton-root': { py: 0.25 } }}
      >
        <ToggleButton value="production">Production</ToggleButton>
        <ToggleButton value="test">Test</ToggleButton>
      </ToggleButtonGroup>
      <Box sx={{ flex: 1 }} />
      <Button
        variant="outlined"
        color="inherit"
        onClick={onOpenPalette}
        aria-keyshortcuts="Control+K Meta+K"
        startIcon={<SearchOutlined sx={{ fontSize: 16 }} />}
        sx={{ color: 'text.secondary', borderColor: 'divider', fontWeight: 450, minHeight: 30 }}
      >
        Go to or do
        <Box component="kbd" sx={{ ml: 1.5, fontSize: '0.6875rem' }}>
          Ctrl K
        </Box>
      </Button>
      <ConnectionState connection={info.connection} />
      {tools}
      <SchemeSwitch />
      <UserMenu user={info.user} onSignOut={info.onSignOut} otherParts={info.otherParts} />
    </Box>
  )
}

function SchemeSwitch() {
  const { colorScheme, setMode } = useColorScheme()
  const next = colorScheme === 'dark' ? 'light' : 'dark'
  return (
    <Tooltip title={`Switch to ${next}`}>
      <IconButton aria-label={`Switch to the ${next} colour scheme`} onClick={() => setMode(next)}>
        {next === 'light' ? <LightModeOutlined sx={{ fontSize: 18 }} /> : <DarkModeOutlined sx={{ fontSize: 18 }} />}
      </IconButton>
    </Tooltip>
  )
}

function Rail({ pages }: { pages: Page[] }) {
  const { openAlerts } = useShellInfo()
  return (
    <Box
      component="nav"
      aria-label="Pages"
      sx={{ borderRight: 1, borderColor: 'divider', bgcolor: 'background.paper', overflowY: 'auto', py: 1 }}
    >
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {pages.map((page) => (
          <li key={page.path}>
            <RailLink page={page} badge={page.path === 'alerts' ? openAlerts : 0} />
          </li>
        ))}
      </Box>
    </Box>
  )
}

function RailLink({ page, badge }: { page: Page; badge: number }) {
  const Icon = page.icon
  return (
    <Tooltip
      title={page.title}
      placement="right"
      slotProps={{ popper: { sx: { display: { lg: 'none' } } } }}
      describeChild
    >
      <Box
        component={NavLink}
        to={`/${page.path}`}
        sx={{
          display: 'flex',
          alignItems: 'center',
          gap: 1.5,
          height: 38,
          pl: '18px',
          pr: 1.5,
          color: 'text.secondary',
          textDecoration: 'none',
          fontWeight: 500,
          fontSize: '0.8125rem',
          borderLeft: '2px solid transparent',
          '&:hover': { bgcolor: 'action.hover', color: 'text.primary' },
          '&.active': {
            color: 'primary.main',
            borderLeftColor: 'primary.main',
            fontWeight: 620,
            bgcolor: 'action.selected',
          },
          '&:focus-visible': { outlineOffset: -2 },
        }}
      >
        <Badge
          color="error"
          variant="dot"
          invisible={badge === 0}
          sx={{ '& .MuiBadge-badge': { display: { lg: 'none' } } }}
        >
          <Icon sx={{ fontSize: 20 }} />
        </Badge>
        <Box
          component="span"
          sx={{
            flex: 1,
            // Out of sight on a narrow window, never out of reach of assistive technology.
            position: { xs: 'absolute', lg: 'static' },
            left: { xs: -9999, lg: 'auto' },
          }}
        >
          {page.title}
        </Box>
        {badge > 0 && (
          <Box component="span" sx={{ display: { xs: 'none', lg: 'inline' }, fontWeight: 620, color: 'status.breach' }}>
            {badge}
            <Box component="span" sx={{ position: 'absolute', left: -9999 }}>
              {' open'}
            </Box>
          </Box>
        )}
      </Box>
    </Tooltip>
  )
}

function useShellCommands(pages: Page[]) {
  const navigate = useNavigate()
  const { setMode } = useColorScheme()
  const { setEnvironment } = useEnvironment()
  const commands = useMemo<Command[]>(
    () => [
      ...pages.map((page) => ({
        id: `go:${page.path}`,
        title: page.title,
        group: 'Go to',
        keywords: page.keywords,
        run: () => void navigate(`/${page.path}`),
      })),
      { id: 'view:light', title: 'Light colour scheme', group: 'View', run: () => setMode('light') },
      { id: 'view:dark', title: 'Dark colour scheme', group: 'View', run: () => setMode('dark') },
      { id: 'view:system', title: 'Colour scheme of the system', group: 'View', run: () => setMode('system') },
      { id: 'view:production', title: 'Look at production', group: 'View', run: () => setEnvironment('production') },
      { id: 'view:test', title: 'Look at the test environment', group: 'View', run: () => setEnvironment('test') },
    ],
    [pages, navigate, setMode, setEnvironment],
  )
  useRegisterCommands(commands)
}
