import Box from '@mui/material/Box'
import { useState } from 'react'
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
import { AddConnection } from './AddConnection.tsx'
import { connectionColumns } from './connection-columns.tsx'
import { connectionsHeadline } from './connection-words.ts'
import { DeadLetters } from './DeadLetters.tsx'
import { WireGuide } from './wire/WireGuide.tsx'

/** Everything that flows in and out, and what is wrong with it. */
export function ConnectionList() {
  const query = useQueryMethod(
    'connections.list',
    {},
    { follows: { records: ['connection'], data: ['connections', 'samples', 'labels', 'telemetry'] } },
  )
  const [isAdding, setIsAdding] = useState(false)
  const navigate = useNavigate()
  const columns = connectionColumns(useNow())
  return (
    <>
      <PageHeader
        title="Connections"
        actions={
          <GuardedButton method="connections.save" variant="contained" onClick={() => setIsAdding(true)}>
            Add a connection
          </GuardedButton>
        }
      />
      <Answer query={query} label="connections" rows={6}>
        {(rows) => (
          <Box sx={{ display: 'grid', gap: 2 }}>
            <Headline {...connectionsHeadline(rows)} />
            <Section title="Connections" flush>
              <DataTable
                label="connections"
                columns={columns}
                rows={rows}
                rowKey={({ record }) => record.id}
                rowHeight={50}
                maxHeight={460}
                onRowOpen={({ record }) => void navigate(pathTo.connection(record.id))}
                empty={
                  <Empty
                    title="Nothing is connected yet"
                    hint="A broker or a push token brings predictions, labels and telemetry; an endpoint is probed and tested; a webhook hears of alerts; a pipeline retrains."
                  />
                }
              />
            </Section>
            <DeadLetters connectionId={null} />
            <WireGuide prefix={null} />
          </Box>
        )}
      </Answer>
      {isAdding && <AddConnection onClose={() => setIsAdding(false)} />}
    </>
  )
}
