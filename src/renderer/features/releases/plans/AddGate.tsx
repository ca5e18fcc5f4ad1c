import Button from '@mui/material/Button'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'
import type { Gate } from '../../../../contract/release.ts'
import { gateKindWords } from '../gate-rows.ts'
import { gateForms } from './gate-fields.ts'

export type AddGateProps = { onAdd: (kind: Gate['kind']) => void; onDefaults: () => void }

/** A gate of any kind, or the usual ones anew. */
export function AddGate({ onAdd, onDefaults }: AddGateProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  return (
    <>
      <Button onClick={onDefaults}>The usual gates</Button>
      <Button
        variant="outlined"
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        Add a gate
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {(Object.keys(gateForms) as Gate['kind'][]).map((kind) => (
          <MenuItem
            key={kind}
            onClick={() => {
              setAnchor(null)
              onAdd(kind)
            }}
          >
            {`${gateKindWords[kind]}: ${gateForms[kind].asks}`}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
