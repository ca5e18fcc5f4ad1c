import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { useEffect, useState } from 'react'
import { useNavigate } from 'react-router'
import type { PayloadOf } from '../../contract/api.ts'
import { useEvent } from '../rpc/hooks.ts'
import { StatusShape } from '../widgets/Status.tsx'

type Notice = PayloadOf<'notification.raised'> & { id: number }

const shownAtOnce = 3
const shownForMs = 15_000

/** What the service tells at once: a few lines at the edge with a way there, and the system's own notice where allowed. */
export function Notifications() {
  const [notices, setNotices] = useState<Notice[]>([])
  const navigate = useNavigate()
  const close = (id: number) => setNotices((before) => before.filter((notice) => notice.id !== id))
  useEvent('notification.raised', (payload) => {
    setNotices((before) => [...before.slice(1 - shownAtOnce), { ...payload, id: (before.at(-1)?.id ?? 0) + 1 }])
    notifySystem(payload, () => void navigate(payload.path))
  })
  return (
    <Box
      role="log"
      aria-label="Notifications"
      sx={{
        position: 'fixed',
        right: 16,
        bottom: 16,
        zIndex: 'snackbar',
        display: 'grid',
        gap: 1,
        width: 'min(440px, calc(100vw - 32px))',
      }}
    >
      {notices.map((notice) => (
        <NoticeCard
          key={notice.id}
          notice={notice}
          onClose={() => close(notice.id)}
          onOpen={() => {
            close(notice.id)
            void navigate(notice.path)
          }}
        />
      ))}
    </Box>
  )
}

function NoticeCard({ notice, onOpen, onClose }: { notice: Notice; onOpen: () => void; onClose: () => void }) {
  const [isHeld, setIsHeld] = useState(false)
  useEffect(() => {
    // Read or reached for, it stays.
    if (isHeld) return
    const timer = setTimeout(onClose, shownForMs)
    return () => clearTimeout(timer)
  })
  return (
    <Alert
      severity="warning"
      variant="outlined"
      icon={<StatusShape status="warning" size={18} />}
      onMouseEnter={() => setIsHeld(true)}
      onMouseLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
      onClose={onClose}
      sx={{ bgcolor: 'background.paper', alignItems: 'flex-start', boxShadow: 4 }}
      action={
        <>
          <Button color="inherit" onClick={onOpen}>
            Open
          </Button>
          <Button color="inherit" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <AlertTitle sx={{ fontSize: '0.8125rem', fontWeight: 600, mb: 0 }}>{notice.title}</AlertTitle>
      {notice.body}
    </Alert>
  )
}

/** The desktop shell shows its own; a browser does once the person has allowed it. */
function notifySystem({ title, body }: PayloadOf<'notification.raised'>, onClick: () => void): void {
  if (window.assay !== undefined || !('Notification' in window) || Notification.permission !== 'granted') return
  const notification = new Notification(title, { body })
  notification.onclick = () => {
    window.focus()
    onClick()
  }
}
