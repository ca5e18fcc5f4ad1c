import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { useDeferredValue, useState } from 'react'
import { useNavigate } from 'react-router'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { DataTable } from '../../widgets/DataTable.tsx'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Answer } from '../shared/Answer.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { DeviceDialog } from './DeviceDialog.tsx'
import { deviceColumns } from './device-columns.tsx'
import { findDevices } from './find-devices.ts'
import { fleetHeadline } from './fleet-headline.ts'

/** Every device that reports: is the fleet all right, and if not, which one is not. */
export function DeviceList() {
  const query = useQueryMethod(
    'devices.list',
    {},
    { follows: { records: ['device', 'alert'], data: ['telemetry', 'findings'] } },
  )
  const [text, setText] = useState('')
  const searched = useDeferredValue(text)
  const [isRegistering, setIsRegistering] = useState(false)
  const navigate = useNavigate()
  const columns = deviceColumns(useNow())
  return (
    <>
      <PageHeader
        title="Devices"
        actions={
          <GuardedButton method="devices.save" variant="outlined" onClick={() => setIsRegistering(true)}>
            Register a device
          </GuardedButton>
        }
      />
      <Answer query={query} label="devices" rows={6}>
        {(rows) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...fleetHeadline(rows)} />
            <Section
              title="Fleet"
              flush
              actions={
                <TextField
                  label="Find by name, site, group, tag, firmware or version"
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                  size="small"
                  sx={{ width: 380 }}
                />
              }
            >
              <DataTable
                label="devices"
                columns={columns}
                rows={findDevices(rows, searched)}
                rowKey={({ device }) => device.id}
                initialSort={{ columnId: 'status', direction: 'descending' }}
                maxHeight={640}
                onRowOpen={({ device }) => void navigate(pathTo.device(device.id))}
                empty={
                  rows.length > 0 ? (
                    <Empty title="No device matches" />
                  ) : (
                    <Empty
                      title="No device reports yet"
                      hint="Register one here, or connect a broker that accepts new devices: each then registers itself with its first telemetry."
                      action={{ label: 'Go to connections', onClick: () => void navigate(pathTo.connections()) }}
                    />
                  )
                }
              />
            </Section>
          </Box>
        )}
      </Answer>
      {isRegistering && (
        <DeviceDialog
          source={null}
          onClose={() => setIsRegistering(false)}
          onSaved={({ record }) => void navigate(pathTo.device(record.id))}
        />
      )}
    </>
  )
}
