import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type SubmitEvent, useState } from 'react'
import { useRpcClient } from '../rpc/hooks.ts'
import { ErrorState } from '../widgets/States.tsx'
import { Doorway } from './Doorway.tsx'

const loginPattern = /^[a-z0-9._-]{2,40}$/
const leastPassword = 10

/** First use of a workspace: its name, and the person who administers it. */
export function SetUpPage({ onTicket }: { onTicket: (ticket: string) => Promise<void> }) {
  const client = useRpcClient()
  const [form, setForm] = useState({ workspaceName: '', name: '', login: '', password: '', again: '' })
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
    required: true,
  })
  const loginIsWrong = form.login !== '' && !loginPattern.test(form.login)
  const passwordIsShort = form.password !== '' && form.password.length < leastPassword
  const passwordsDiffer = form.again !== '' && form.again !== form.password
  const isComplete =
    form.workspaceName.trim() !== '' &&
    form.name.trim() !== '' &&
    loginPattern.test(form.login) &&
    form.password.length >= leastPassword &&
    form.password === form.again

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    if (!isComplete || isBusy) return
    setIsBusy(true)
    setProblem(null)
    try {
      const { again, ...input } = form
      const { ticket } = await client.call('session.setUp', input)
      await onTicket(ticket)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <Doorway
      title="Set up this workspace"
      note="It is empty. Name it, and make the account that administers it: it invites the others and gives them their roles."
    >
      <Box component="form" onSubmit={(event) => void submit(event)} sx={{ display: 'grid', gap: 2 }}>
        <TextField
          {...field('workspaceName')}
          label="Name of the workspace"
          placeholder="Pet park Barcelona"
          autoFocus
          autoComplete="off"
        />
        <TextField
          {...field('name')}
          label="Your name"
          helperText="As it will stand under signatures"
          autoComplete="name"
        />
        <TextField
          {...field('login')}
          label="Login"
          autoComplete="username"
          error={loginIsWrong}
          helperText="2 to 40 small letters, digits, dots, dashes or underscores"
        />
        <TextField
          {...field('password')}
          label="Password"
          type="password"
          autoComplete="new-password"
          error={passwordIsShort}
          helperText="At least 10 characters. It also protects your signing key: nobody can recover it."
        />
        <TextField
          {...field('again')}
          label="Password again"
          type="password"
          autoComplete="new-password"
          error={passwordsDiffer}
          helperText={passwordsDiffer ? 'The two differ' : ' '}
        />
        {problem !== null && <ErrorState title="It was not set up" message={problem} />}
        <Button type="submit" variant="contained" disabled={!isComplete} loading={isBusy}>
          Set up and sign in
        </Button>
      </Box>
    </Doorway>
  )
}
