import TextField from '@mui/material/TextField'
import { useState } from 'react'
import { type Role, user as userSchema } from '../../../contract/user.ts'
import { useCommand } from '../../rpc/hooks.ts'
import { FormDialog } from '../shared/FormDialog.tsx'
import { RolesField } from './RolesField.tsx'

/** A new account, with a signing key of its own. */
export function CreatePersonDialog({ onClose }: { onClose: () => void }) {
  const { mutate, isPending, error } = useCommand('users.create')
  const [name, setName] = useState('')
  const [login, setLogin] = useState('')
  const [roles, setRoles] = useState<Role[]>(['viewer'])
  const [password, setPassword] = useState('')
  const isLogin = userSchema.shape.login.safeParse(login).success
  return (
    <FormDialog
      title="Add a person"
      consequence="They get a signing key of their own, which their password opens. Ask them to change it at once: you know it now."
      submitLabel="Add"
      complete={name.trim() !== '' && isLogin && roles.length > 0 && password.length >= 10}
      busy={isPending}
      error={error}
      onClose={onClose}
      onSubmit={() => mutate({ name: name.trim(), login, roles, password }, { onSuccess: onClose })}
    >
      <TextField label="Name" value={name} onChange={(event) => setName(event.target.value)} required autoFocus />
      <TextField
        label="Login"
        value={login}
        onChange={(event) => setLogin(event.target.value)}
        error={login !== '' && !isLogin}
        helperText="2 to 40 small letters, digits, dots, dashes, underscores"
        required
        autoComplete="off"
      />
      <RolesField roles={roles} onChange={setRoles} />
      <TextField
        label="First password"
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        error={password !== '' && password.length < 10}
        helperText="At least 10 characters"
        required
        autoComplete="new-password"
      />
    </FormDialog>
  )
}
