import Box from '@mui/material/Box'
import { useState } from 'react'
import type { Deployment } from '../../../../contract/model.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { formatDuration, formatInstant } from '../../../widgets/format.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { EditDeploymentDialog } from '../dialogs/EditDeploymentDialog.tsx'
import { RecordVersionDialog } from '../dialogs/RecordVersionDialog.tsx'
import { useModelView } from '../model-view.ts'

type Row = { revision: number; record: Deployment }

/** Where versions of this model answer, with what ran when. */
export function DeploymentTable() {
  const { answer } = useModelView()
  if (answer.deployments.length === 0) {
    return (
      <Section title="Deployments">
        <Empty
          title="Not deployed yet"
          hint="A deployment is one version that answers at one endpoint in one environment."
        />
      </Section>
    )
  }
  return (
    <Box
      sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(400px, 1fr))', alignItems: 'start' }}
    >
      {answer.deployments.map((row) => (
        <DeploymentCard key={row.record.id} row={row} />
      ))}
    </Box>
  )
}

function DeploymentCard({ row }: { row: Row }) {
  const { versions } = useModelView()
  const { record } = row
  const [asked, setAsked] = useState<'edit' | 'version' | null>(null)
  const connections = useQueryMethod('connections.list', {}, { follows: { records: ['connection'] } })
  const devices = useQueryMethod('devices.names', {}, { follows: { records: ['device'] } })
  const versionName = (id: string) => versions.find((version) => version.id === id)?.name ?? id
  const endpoint = connections.data?.find((each) => each.record.id === record.endpointId)?.record.name
  const device = devices.data?.find((each) => each.id === record.deviceId)?.name
  return (
    <Section
      title={`${record.name}, ${record.environment}`}
      note={`key ${record.key}`}
      actions={
        <>
          <GuardedButton method="deployments.recordVersion" onClick={() => setAsked('version')}>
            Record a switch
          </GuardedButton>
          <GuardedButton method="deployments.update" onClick={() => setAsked('edit')}>
            Edit
          </GuardedButton>
        </>
      }
    >
      <KeyValue
        items={[
          { label: 'Runs', value: <strong>{versionName(record.versionId)}</strong> },
          { label: 'Endpoint', value: record.endpointId === null ? 'none' : (endpoint ?? record.endpointId) },
          { label: 'Device', value: record.deviceId === null ? 'none' : (device ?? record.deviceId) },
          { label: 'Labels within', value: formatDuration(record.labelDelayMs) },
          {
            label: 'Kept',
            value: `samples ${record.retention.rawDays} d${record.retention.maxSamples === null ? '' : `, at most ${record.retention.maxSamples.toLocaleString('en')}`}; profiles ${record.retention.profileDays} d`,
          },
          ...[...record.history].reverse().map((entry) => ({
            label: formatInstant(entry.from),
            value: `${versionName(entry.versionId)}: ${entry.reason}`,
          })),
        ]}
      />
      {asked === 'edit' && <EditDeploymentDialog row={row} onClose={() => setAsked(null)} />}
      {asked === 'version' && <RecordVersionDialog row={row} onClose={() => setAsked(null)} />}
    </Section>
  )
}
