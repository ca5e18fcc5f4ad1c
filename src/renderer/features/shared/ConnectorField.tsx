import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { Connection } from '../../../contract/connection.ts'
import { pathTo } from '../../data/paths.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { PathLink } from './PathLink.tsx'

const canAct = ({ isEnabled, config }: Connection) =>
  isEnabled && (config.kind === 'http-action' || config.kind === 'command-action')

/** Connections that can carry out work; the only one is chosen already. */
export function useConnectors(wanted: string | null) {
  const { data } = useQueryMethod('connections.list', {}, { follows: { records: ['connection'] } })
  const ways = (data ?? []).map(({ record }) => record).filter(canAct)
  const chosen = ways.find(({ id }) => id === wanted)?.id ?? (ways.length === 1 ? ways[0].id : null)
  return { ways, chosen, isKnown: data !== undefined }
}

export type ConnectorFieldProps = {
  ways: readonly Connection[]
  isKnown: boolean
  chosen: string | null
  onChoose: (connectionId: string) => void
}

/** Through which connection something is done. */
export function ConnectorField({ ways, isKnown, chosen, onChoose }: ConnectorFieldProps) {
  return (
    <TextField
      select
      label="Through"
      value={chosen ?? ''}
      onChange={(event) => onChoose(event.target.value)}
      required
      helperText={
        isKnown && ways.length === 0 ? (
          <>
            No pipeline or command is connected. <PathLink to={pathTo.connections()}>Connect one first</PathLink>.
          </>
        ) : (
          'The connection that carries it out'
        )
      }
    >
      {ways.map(({ id, name }) => (
        <MenuItem key={id} value={id}>
          {name}
        </MenuItem>
      ))}
    </TextField>
  )
}
