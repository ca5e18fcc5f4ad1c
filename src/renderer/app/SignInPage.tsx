import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import ButtonBase from '@mui/material/ButtonBase'
import Divider from '@mui/material/Divider'
import TextField from '@mui/material/TextField'
import Typography from '@mui/material/Typography'
import { type SubmitEvent, useState } from 'react'
import type { OutputOf } from '../../contract/api.ts'
import { useRpcClient } from '../rpc/hooks.ts'
import { ErrorState } from '../widgets/States.tsx'
import { Doorway } from './Doorway.tsx'

type SessionState = OutputOf<'session.state'>
type DemoAccount = SessionState['demoAccounts'][number]

export type SignInPageProps = {
  workspaceName: string
  demoAccounts: DemoAccount[]
  /** Why the last session ended, when the person did not end it. */
  notice: string | null
  onTicket: (ticket: string) => Promise<void>
}

/** Name and password; in a demo workspace every part can be taken by one click. */
export function SignInPage({ workspaceName, demoAccounts, notice, onTicket }: SignInPageProps) {
  const { signIn, busyLogin, problem } = useSignIn(onTicket)
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (busyLogin === null) void signIn(login.trim().toLowerCase(), password)
  }
  return (
    <Doorway title={`Sign in to ${workspaceName}`} note={notice ?? undefined}>
      {demoAccounts.length > 0 && (
        <>
          <DemoAccounts accounts={demoAccounts} busyLogin={busyLogin} onChoose={signIn} />
          <Divider>
            <Typography variant="caption" color="textSecondary">
              or by name
            </Typography>
          </Divider>
        </>
      )}
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 2 }}>
        <TextField
          label="Login"
          value={login}
          onChange={(event) => setLogin(event.target.value)}
          autoComplete="username"
          autoFocus={demoAccounts.length === 0}
          required
        />
        <TextField
          label="Password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
        />
        {problem !== null && <ErrorState title="You are not signed in" message={problem} />}
        <Button
          type="submit"
          variant="contained"
          disabled={login === '' || password === '' || (busyLogin !== null && busyLogin !== login)}
          loading={busyLogin !== null && busyLogin === login}
        >
          Sign in
        </Button>
      </Box>
    </Doorway>
  )
}

function DemoAccounts(props: {
  accounts: DemoAccount[]
  busyLogin: string | null
  onChoose: (login: string, password: string) => Promise<void>
}) {
  return (
    <div>
      <Typography variant="body2" sx={{ mb: 1 }}>
        This is a demo workspace. Take a part:
      </Typography>
      <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.75 }}>
        {props.accounts.map((account) => (
          <li key={account.login}>
            <ButtonBase
              disabled={props.busyLogin !== null}
              onClick={() => void props.onChoose(account.login, account.password)}
              sx={{
                width: '100%',
                display: 'flex',
                justifyContent: 'space-between',
                gap: 2,
                px: 1.5,
                py: 1,
                border: 1,
                borderColor: 'divider',
                borderRadius: 1,
                textAlign: 'left',
                '&:hover': { bgcolor: 'action.hover' },
                '&.Mui-disabled': { opacity: 0.6 },
              }}
            >
              <Box component="span" sx={{ typography: 'subtitle2' }}>
                {account.name}
              </Box>
              <Box component="span" sx={{ typography: 'body2', color: 'text.secondary' }}>
                {props.busyLogin === account.login ? 'signing in' : account.role}
              </Box>
            </ButtonBase>
          </li>
        ))}
      </Box>
    </div>
  )
}

function useSignIn(onTicket: (ticket: string) => Promise<void>) {
  const client = useRpcClient()
  const [busyLogin, setBusyLogin] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  async function signIn(login: string, password: string): Promise<void> {
    setBusyLogin(login)
    setProblem(null)
    try {
      const answer = await client.call('session.signIn', { login, password })
      if (answer.status === 'refused') setProblem(answer.message)
      else await onTicket(answer.ticket)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusyLogin(null)
    }
  }
  return { signIn, busyLogin, problem }
}
