import Box from '@mui/material/Box'
import type { OutputOf } from '../../../contract/api.ts'
import type { StoredReport } from '../../../contract/report.ts'
import { pathTo } from '../../data/paths.ts'
import { absent, formatCount } from '../../widgets/format.ts'
import { KeyValue } from '../../widgets/KeyValue.tsx'
import { Section } from '../../widgets/Section.tsx'
import { Time } from '../../widgets/Time.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { useTargets } from '../shared/use-targets.ts'
import { VersionState } from './VersionState.tsx'

export type DeviceFactsProps = { answer: OutputOf<'devices.get'>; report: StoredReport | null; nowAt: number }

/** The lowest of the channels' scores and what took it there. */
function sayHealth(report: StoredReport | null): string {
  const finding = report?.report.findings.find(({ subject }) => subject.metric === 'health')
  return finding === undefined ? absent : finding.message
}

/** What the device is, what depends on it, and when it was last looked at. */
export function DeviceFacts({ answer, report, nowAt }: DeviceFactsProps) {
  const { record } = answer.device
  const { byId } = useTargets()
  return (
    <Box sx={{ display: 'grid', gridTemplateColumns: { md: '1fr 1fr' }, gap: 2 }}>
      <Section title="Device">
        <KeyValue
          items={[
            { label: 'Key', value: <code>{record.key}</code> },
            { label: 'Site', value: record.site || absent },
            { label: 'Firmware', value: record.firmware ?? absent },
            { label: 'Group', value: record.group || absent },
            { label: 'Version', value: <VersionState versions={answer.versions} /> },
            { label: 'Tags', value: record.tags.join(', ') || absent },
            { label: 'Last seen', value: <Time at={answer.health.lastSeenAt} nowAt={nowAt} withSeconds /> },
            { label: 'Points, last day', value: formatCount(answer.health.samplesLastDay) },
            { label: 'Registered', value: <Time at={record.createdAt} /> },
            { label: 'Health score', value: sayHealth(report) },
            { label: 'Health checked', value: report === null ? 'never' : <Time at={report.at} nowAt={nowAt} /> },
          ]}
        />
      </Section>
      <Section title="Deployments fed by it" note="A fault here explains drift there.">
        {answer.deployments.length === 0 ? (
          <Box sx={{ typography: 'body2', color: 'text.secondary', py: 1 }}>
            None. A deployment names its device on the model’s page.
          </Box>
        ) : (
          <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2' }}>
            {answer.deployments.map(({ id, name }) => (
              <li key={id}>
                <PathLink to={byId.get(id)?.path ?? pathTo.models()}>{name}</PathLink>
              </li>
            ))}
          </Box>
        )}
      </Section>
    </Box>
  )
}
