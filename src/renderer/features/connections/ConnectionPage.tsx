import Box from '@mui/material/Box'
import { useState } from 'react'
import { useParams } from 'react-router'
import { pathTo } from '../../data/paths.ts'
import { useNow } from '../../data/use-now.ts'
import { useQueryMethod } from '../../rpc/hooks.ts'
import { Headline } from '../../widgets/Headline.tsx'
import { PageHeader } from '../../widgets/PageHeader.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Answer } from '../shared/Answer.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { PathLink } from '../shared/PathLink.tsx'
import { ConnectionDialog } from './ConnectionDialog.tsx'
import { ConnectionFacts } from './ConnectionFacts.tsx'
import { type ConnectionRow, kindWords, phaseWords, stateSentence } from './connection-words.ts'
import { DeadLetters } from './DeadLetters.tsx'
import { EnableDialog } from './EnableDialog.tsx'
import { Mappings } from './mapping/Mappings.tsx'
import { WireGuide } from './wire/WireGuide.tsx'

/** One connection: does it work, what has come through it, what was refused. */
export function ConnectionPage() {
  const { connectionId = '' } = useParams()
  const query = useQueryMethod(
    'connections.list',
    {},
    { follows: { records: ['connection'], data: ['connections', 'samples', 'labels', 'telemetry'] } },
  )
  const [open, setOpen] = useState<'edit' | 'enable' | null>(null)
  const nowAt = useNow()
  const find = (rows: readonly ConnectionRow[] | undefined) =>
    rows?.find(({ record }) => record.id === connectionId) ?? null
  const row = find(query.data)
  const reload = async () => find((await query.refetch()).data)
  const isIngest = row?.record.config.kind === 'ingest'
  return (
    <>
      <PageHeader
        title={row?.record.name ?? 'Connection'}
        context={<PathLink to={pathTo.connections()}>Connections</PathLink>}
        actions={
          row !== null && (
            <>
              <GuardedButton method="connections.setEnabled" variant="outlined" onClick={() => setOpen('enable')}>
                {row.record.isEnabled ? 'Switch off' : 'Switch on'}
              </GuardedButton>
              <GuardedButton
                method="connections.save"
                variant="outlined"
                whyNot={isIngest ? 'A push token is not changed: make another' : null}
                onClick={() => setOpen('edit')}
              >
                Edit
              </GuardedButton>
            </>
          )
        }
      />
      <Answer query={query} label="connection" rows={8}>
        {() =>
          row === null ? (
            <Empty title="There is no such connection" />
          ) : (
            <Box sx={{ display: 'grid', gap: 2 }}>
              <Headline
                status={phaseWords[row.state.phase].status}
                text={`${kindWords[row.record.config.kind].word}: ${stateSentence(row)}`}
              />
              <ConnectionFacts row={row} nowAt={nowAt} />
              {(row.record.config.kind === 'mqtt' || isIngest) && (
                <Mappings connectionId={row.record.id} canListen={row.record.config.kind === 'mqtt'} />
              )}
              <DeadLetters connectionId={row.record.id} />
              {(row.record.config.kind === 'mqtt' || isIngest) && (
                <WireGuide prefix={row.record.config.kind === 'mqtt' ? row.record.config.topicPrefix : null} />
              )}
              {open === 'edit' && (
                <ConnectionDialog
                  kind={row.record.config.kind}
                  source={row}
                  onReload={reload}
                  onClose={() => setOpen(null)}
                />
              )}
              {open === 'enable' && <EnableDialog row={row} onReload={reload} onClose={() => setOpen(null)} />}
            </Box>
          )
        }
      </Answer>
    </>
  )
}
