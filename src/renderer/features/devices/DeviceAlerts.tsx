import Box from '@mui/material/Box'
import { pathTo } from '../../data/paths.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { Severity } from '../shared/Severity.tsx'

/** What is open about this device now; nothing when nothing is. */
export function DeviceAlerts({ deviceId, nowAt }: { deviceId: string; nowAt: number }) {
  const { data } = useQueryMethod(
    'alerts.list',
    { states: ['open', 'acknowledged', 'muted'], target: { type: 'device', id: deviceId }, limit: 20 },
    { follows: { records: ['alert'] } },
  )
  if (data === undefined || data.items.length === 0) return null
  return (
    <Section title={data.items.length === 1 ? 'One alert' : `${data.items.length} alerts`}>
      <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {data.items.map(({ record }) => (
          <Box
            component="li"
            key={record.id}
            sx={{ display: 'flex', gap: 1.5, alignItems: 'baseline', py: 0.5, typography: 'body2' }}
          >
            <Severity severity={record.severity} />
            <Box sx={{ flex: 1, minWidth: 0 }}>
              <PathLink to={pathTo.alert(record.id)}>{record.title}</PathLink> {record.message}
            </Box>
            <Box sx={{ color: 'text.secondary' }}>
              since <Time at={record.beganAt} nowAt={nowAt} />
            </Box>
          </Box>
        ))}
      </Box>
    </Section>
  )
}
