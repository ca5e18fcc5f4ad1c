import Box from '@mui/material/Box'
import { useDeferredValue, useState } from 'react'
import { useNavigate } from 'react-router'
import type { DeviceOrder, DeviceQuery, Fleet } from '../../../contract/fleet.ts'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { DataTable } from '../../widgets/DataTable.tsx'
import { formatCount } from '../../widgets/format.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Answer } from '../shared/Answer.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { usePages } from '../shared/use-pages.ts'
import { DeviceDialog } from './DeviceDialog.tsx'
import { DeviceFilters } from './DeviceFilters.tsx'
import { deviceColumns } from './device-columns.tsx'

const follows = { records: ['device', 'alert'], data: ['telemetry', 'findings'] as const }
const worstFirst: DeviceQuery = { text: '', group: null, status: null, sort: 'status', direction: 'descending' }

/** Every device that reports: is the fleet all right, and if not, which one is not. */
export function DeviceList() {
  const fleet = useQueryMethod('devices.fleet', {}, { follows })
  const [isRegistering, setIsRegistering] = useState(false)
  const navigate = useNavigate()
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
      <Answer query={fleet} label="devices" rows={6}>
        {(facts) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...facts.headline} />
            <FleetTable fleet={facts} />
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

/** The devices a page at a time: the service finds and orders them, so that ten thousand are as quick as ten. */
function FleetTable({ fleet }: { fleet: Fleet }) {
  const [query, setQuery] = useState(worstFirst)
  const asked = useDeferredValue(query)
  const pages = usePages('devices.list', { ...asked, limit: 100 }, follows, { keepsPrevious: true })
  const navigate = useNavigate()
  const change = (changes: Partial<DeviceQuery>) => setQuery((before) => ({ ...before, ...changes }))
  const isNarrowed = query.text !== '' || query.group !== null || query.status !== null
  const columns = deviceColumns(useNow())
  return (
    <Section
      title="Fleet"
      note={
        isNarrowed && pages.total !== null
          ? `${formatCount(pages.total)} of ${formatCount(fleet.devices)} devices`
          : `${formatCount(fleet.devices)} ${fleet.devices === 1 ? 'device' : 'devices'}`
      }
      flush
      actions={<DeviceFilters fleet={fleet} query={query} onChange={change} />}
    >
      <DataTable
        label="devices"
        columns={columns}
        rows={pages.data ?? []}
        rowCount={pages.total ?? undefined}
        rowKey={({ device }) => device.id}
        sort={{ columnId: query.sort, direction: query.direction }}
        // Only columns of the service's orders can be clicked; a third click returns to the worst first.
        onSort={(sort) =>
          change(
            sort === null
              ? { sort: worstFirst.sort, direction: worstFirst.direction }
              : { sort: sort.columnId as DeviceOrder, direction: sort.direction },
          )
        }
        loading={pages.isPending || pages.isFetchingNextPage}
        error={pages.error && { message: pages.error.message, onRetry: () => void pages.refetch() }}
        maxHeight={640}
        onRowOpen={({ device }) => void navigate(pathTo.device(device.id))}
        onEndReached={pages.loadMore}
        empty={
          fleet.devices > 0 ? (
            <Empty title="No device matches" hint="Search for less, or for another group or status." />
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
  )
}
