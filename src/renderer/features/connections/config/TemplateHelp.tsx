import Box from '@mui/material/Box'
import { Disclosure } from '../../shared/Disclosure.tsx'
import { actionVariables, commandName } from './action-variables.ts'

/** Every variable that a template or a program may use. */
export function TemplateHelp({ asEnvironment = false }: { asEnvironment?: boolean }) {
  return (
    <Disclosure summary={asEnvironment ? 'What the program is told' : 'Variables of the templates'}>
      <Box
        component="dl"
        sx={{ m: 0, display: 'grid', gridTemplateColumns: 'max-content minmax(0, 1fr)', columnGap: 2 }}
      >
        {actionVariables.map(({ name, means }) => (
          <Box key={name} sx={{ display: 'contents' }}>
            <dt>
              <code>{asEnvironment ? commandName(name) : `{{${name}}}`}</code>
            </dt>
            <Box component="dd" sx={{ m: 0, color: 'text.secondary' }}>
              {means}
            </Box>
          </Box>
        ))}
      </Box>
    </Disclosure>
  )
}
