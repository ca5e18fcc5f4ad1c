import Box from '@mui/material/Box'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import FormGroup from '@mui/material/FormGroup'
import FormLabel from '@mui/material/FormLabel'
import { type Role, role } from '../../../contract/user.ts'
import { roleName } from '../../data/session.ts'

const means: Record<Role, string> = {
  viewer: 'reads everything and exports it; the part of an auditor',
  operator: 'connects systems, registers versions, labels',
  'product-owner': 'decides about alerts, approves and releases',
  'qa-expert': 'tests, certifies or refuses, sets limits',
  administrator: 'administers people and settings',
}

/** The roles of a person; each is enforced by the service. */
export function RolesField({ roles, onChange }: { roles: readonly Role[]; onChange: (roles: Role[]) => void }) {
  const both = roles.includes('qa-expert') && roles.includes('product-owner')
  return (
    <Box component="fieldset" sx={{ border: 0, m: 0, p: 0 }}>
      <FormLabel component="legend">Roles</FormLabel>
      <FormGroup>
        {role.options.map((each) => (
          <FormControlLabel
            key={each}
            control={
              <Checkbox
                size="small"
                checked={roles.includes(each)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...roles, each] : roles.filter((other) => other !== each))
                }
              />
            }
            label={`${roleName(each)}: ${means[each]}`}
            slotProps={{ typography: { variant: 'body2' } }}
          />
        ))}
      </FormGroup>
      {both && (
        <Box role="status" sx={{ typography: 'body2', color: 'text.secondary' }}>
          This person may certify one release and approve another, never both on one.
        </Box>
      )}
    </Box>
  )
}
