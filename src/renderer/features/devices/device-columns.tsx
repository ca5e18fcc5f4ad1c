import Box from '@mui/material/Box'
import type { DeviceOrder, DeviceRow } from '../../../contract/fleet.ts'
import { Sparkline } from '../../charts/Sparkline.tsx'
import { pathTo } from '../../data/paths.ts'
import type { TableColumn } from '../../widgets/DataTable.tsx'
import { absent, formatCount, formatRelative } from '../../widgets/format.ts'
import { Status } from '../../widgets/Status.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { VersionState } from './VersionState.tsx'

/** Columns that the service orders by carry its names. */
type DeviceColumn = TableColumn<DeviceRow> & ({ id: DeviceOrder } | { id: 'headline' | 'activity'; sortKey?: never })

/** Columns of the fleet; `nowAt` for "3 min ago". The service orders the rows: there may be more than are here. */
export const deviceColumns = (nowAt: number): DeviceColumn[] => [
  {
    id: 'name',
    header: 'Device',
    width: '16%',
    sortKey: ({ device }) => device.name,
    title: ({ device }) => `${device.name} (${device.key})`,
    render: ({ device }) => (
      <PathLink underline="hover" to={pathTo.device(device.id)}>
        {device.name}
      </PathLink>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    width: 96,
    sortKey: ({ health }) => health.headline.status,
    render: ({ health }) => <Status status={health.headline.status} />,
  },
  {
    id: 'headline',
    header: 'What is known',
    minWidth: 200,
    title: ({ health }) => health.headline.text,
    render: ({ health }) => health.headline.text,
  },
  {
    id: 'seen',
    header: 'Last seen',
    width: 92,
    sortKey: ({ health }) => health.lastSeenAt,
    render: ({ health }) => (health.lastSeenAt === null ? absent : formatRelative(health.lastSeenAt, nowAt)),
  },
  {
    id: 'activity',
    header: 'Last 24 h',
    width: 108,
    hint: 'Points per hour over the last 24 hours',
    render: ({ device, health }) => (
      <Sparkline values={health.activity} label={`points of ${device.name} per hour over 24 hours`} />
    ),
  },
  {
    id: 'channels',
    header: 'Channels',
    width: 88,
    align: 'right',
    sortKey: ({ device }) => device.channels.length,
    render: ({ device }) => formatCount(device.channels.length),
  },
  {
    id: 'alerts',
    header: 'Alerts',
    width: 72,
    align: 'right',
    sortKey: ({ health }) => health.openAlerts,
    render: ({ health }) =>
      health.openAlerts === 0 ? '0' : <Box sx={{ fontWeight: 620, color: 'status.breach' }}>{health.openAlerts}</Box>,
  },
  {
    id: 'version',
    header: 'Version',
    width: 104,
    hint: 'The model version that its newest sample names, and the one it should run where that is another',
    sortKey: ({ versions }) => versions.reported?.name,
    render: ({ versions }) => <VersionState versions={versions} />,
  },
  {
    id: 'group',
    header: 'Group',
    width: 96,
    title: ({ device }) => device.group ?? '',
    sortKey: ({ device }) => device.group,
    render: ({ device }) => device.group || absent,
  },
  {
    id: 'site',
    header: 'Site',
    width: 112,
    title: ({ device }) => device.site,
    sortKey: ({ device }) => device.site,
    render: ({ device }) => device.site || absent,
  },
]
