import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { ShellInfo } from './shell-info.ts'

export type UserMenuProps = Pick<ShellInfo, 'user' | 'onSignOut' | 'otherParts'>

/** Who is signed in and in which role. */
export function UserMenu({ user, onSignOut, otherParts = [] }: UserMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const navigate = useNavigate()
  if (user === null) {
    return (
      <Box component="span" sx={{ color: 'text.secondary', typography: 'body2' }}>
        Not signed in
      </Box>
    )
  }
  const close = () => setAnchor(null)
  return (
    <>
      <Button
        color="inherit"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        aria-label={`${user.name}, ${user.role}: account`}
        onClick={(event) => setAnchor(event.currentTarget)}
        sx={{ lineHeight: 1.2, textAlign: 'right', flex: 'none' }}
      >
        <span>
          {user.name}
          <Box
            component="span"
            sx={{ display: 'block', fontSize: '0.6875rem', fontWeight: 450, color: 'text.secondary' }}
          >
            {user.role}
          </Box>
        </span>
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={close}>
        <MenuItem
          onClick={() => {
            close()
            void navigate('/settings')
          }}
        >
          Settings
        </MenuItem>
        {canAskForNotices() && (
          <MenuItem
            onClick={() => {
              close()
              void Notification.requestPermission()
            }}
          >
            Show alerts as notices of the system
          </MenuItem>
        )}
        {otherParts.map((part) => (
          <MenuItem
            key={part.login}
            onClick={() => {
              close()
              part.take()
            }}
          >
            {`Become ${part.name}, ${part.role}`}
          </MenuItem>
        ))}
        {onSignOut !== undefined && (
          <MenuItem
            onClick={() => {
              close()
              onSignOut()
            }}
          >
            Sign out
          </MenuItem>
        )}
      </Menu>
    </>
  )
}

/** The desktop shell shows its own notices; a browser has to be allowed to, once. */
function canAskForNotices(): boolean {
  return window.assay === undefined && 'Notification' in window && Notification.permission === 'default'
}
