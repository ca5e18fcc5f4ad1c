import Box from '@mui/material/Box'
import { StatusShape } from '../widgets/Status.tsx'
import type { Connection } from './shell-info.ts'

const looks = {
  connected: { status: 'ok', text: 'Connected', color: 'text.secondary' },
  connecting: { status: 'stale', text: 'Connecting to the service', color: 'text.secondary' },
  lost: { status: 'breach', text: 'Service lost, trying again', color: 'status.breach' },
} as const

/** Whether the service answers; when it does not, the word says so, not the colour alone. */
export function ConnectionState({ connection }: { connection: Connection }) {
  const { status, text, color } = looks[connection]
  return (
    <Box
      role="status"
      title={text}
      sx={{ display: 'flex', alignItems: 'center', gap: 0.75, color, typography: 'caption', whiteSpace: 'nowrap' }}
    >
      <StatusShape status={status} />
      <Box
        component="span"
        sx={
          connection === 'connected'
            ? { position: { xs: 'absolute', lg: 'static' }, left: { xs: -9999, lg: 'auto' } }
            : undefined
        }
      >
        {text}
      </Box>
    </Box>
  )
}
