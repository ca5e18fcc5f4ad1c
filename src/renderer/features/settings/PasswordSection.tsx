import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { type SubmitEvent, useState } from 'react'
import { useUser } from '../../data/session.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { ErrorState } from '../../widgets/States.tsx'
import { Failure } from '../shared/Failure.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'

const blank = { password: '', next: '', again: '' }

/** Changes the password of whoever is signed in; it also opens the key that they sign with. */
export function PasswordSection() {
  const user = useUser()
  const change = useCommand('session.changePassword')
  const [typed, setTyped] = useState(blank)
  const tooShort = typed.next !== '' && typed.next.length < 10
  const differ = typed.again !== '' && typed.again !== typed.next
  const obstacle =
    typed.password === '' || typed.next === ''
      ? 'Fill in the passwords'
      : tooShort
        ? 'At least 10 characters'
        : typed.again !== typed.next
          ? 'The new passwords differ'
          : null
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (obstacle !== null || change.isPending) return
    change.mutate(
      { password: typed.password, newPassword: typed.next },
      { onSuccess: ({ status }) => setTyped(status === 'changed' ? blank : { ...typed, password: '' }) },
    )
  }
  return (
    <Section title={`Password of ${user.name}`} note="It also opens the key that you sign with.">
      <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 2, pt: 1 }}>
        <TextField
          label="Present password"
          type="password"
          autoComplete="current-password"
          value={typed.password}
          onChange={(event) => setTyped({ ...typed, password: event.target.value })}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          value={typed.next}
          onChange={(event) => setTyped({ ...typed, next: event.target.value })}
          error={tooShort}
          helperText="At least 10 characters"
        />
        <TextField
          label="New password, again"
          type="password"
          autoComplete="new-password"
          value={typed.again}
          onChange={(event) => setTyped({ ...typed, again: event.target.value })}
          error={differ}
          helperText={differ ? 'The new passwords differ' : undefined}
        />
        {change.error !== null && <Failure error={change.error} title="The password was not changed" />}
        {change.data?.status === 'refused' && (
          <ErrorState title="The password was not changed" message={change.data.message} />
        )}
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5 }}>
          <GuardedButton
            method="session.changePassword"
            type="submit"
            variant="outlined"
            loading={change.isPending}
            whyNot={obstacle}
          >
            Change the password
          </GuardedButton>
          <Box role="status" sx={{ typography: 'body2', color: 'text.secondary' }}>
            {change.data?.status === 'changed' && typed === blank && 'Changed'}
          </Box>
        </Box>
      </Box>
    </Section>
  )
}
