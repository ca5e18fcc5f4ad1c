import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import { useNavigate } from 'react-router'

export type UserMenuProps = { user: { name: string; role: string } | null; onSignOut?: () => void }

/** Who is signed in and in which role. */
export function UserMenu({ user, onSignOut }: UserMenuProps) {
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
