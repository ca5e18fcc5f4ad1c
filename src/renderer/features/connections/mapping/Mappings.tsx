import Box from '@mui/material/Box'
import { useState } from 'react'
import type { Mapping, MappingSpec } from '../../../../contract/mapping.ts'
import { useQueryMethod } from '../../../rpc/hooks.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Empty } from '../../../widgets/States.tsx'
import { Time } from '../../../widgets/Time.tsx'
import { ChoiceField } from '../../shared/ChoiceField.tsx'
import { GuardedButton } from '../../shared/GuardedButton.tsx'
import { MappingDialog } from './MappingDialog.tsx'
import { MappingHistory } from './MappingHistory.tsx'
import { blankSpec } from './mapping-draft.ts'

type Row = { revision: number; record: Mapping }

const columns: TableColumn<Row>[] = [
  { id: 'name', header: 'Mapping', render: ({ record }) => record.spec.name },
  { id: 'topic', header: 'Topic', width: '30%', render: ({ record }) => <code>{record.spec.topic}</code> },
  { id: 'makes', header: 'Makes', width: 110, render: ({ record }) => record.spec.makes },
  { id: 'on', header: 'In force', width: 90, render: ({ record }) => (record.isEnabled ? 'yes' : 'no') },
  { id: 'version', header: 'Version', width: 84, align: 'right', render: ({ revision }) => String(revision) },
  { id: 'saved', header: 'Saved', width: 180, render: ({ record }) => <Time at={record.savedAt} /> },
]

/** How messages that are not of the documented shapes are read, and by whom that was decided. */
export function Mappings({ connectionId, canListen }: { connectionId: string; canListen: boolean }) {
  const list = useQueryMethod('mappings.list', { connectionId }, { follows: { records: ['mapping'] } })
  const ready = useQueryMethod('mappings.ready', {}, { follows: {} })
  const [edited, setEdited] = useState<{ source: Row | null; begin: MappingSpec } | null>(null)
  const [history, setHistory] = useState<Row | null>(null)
  const start = (id: string) => {
    const found = ready.data?.find((candidate) => candidate.id === id)
    const spec = found?.spec ?? blankSpec('')
    // Pushed messages have their topic below `raw`.
    setEdited({
      source: null,
      begin: found !== undefined && !canListen ? { ...spec, topic: `raw/${spec.topic}` } : spec,
    })
  }
  return (
    <Section
      title="Mappings"
      note={
        canListen
          ? 'For payloads that are not of the documented shapes. Each save is a version with its author and reason.'
          : 'For pushes to /ingest/v1/raw/<topic>. Each save is a version with its author and reason.'
      }
      flush
      actions={
        <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
          <Box sx={{ width: 260, display: 'grid' }}>
            <ChoiceField
              label="Begin with"
              value=""
              choices={(ready.data ?? []).map(({ id, title }) => ({ id, label: title }))}
              onChange={start}
              required={false}
            />
          </Box>
          <GuardedButton method="mappings.save" variant="outlined" onClick={() => start('')}>
            Map messages
          </GuardedButton>
        </Box>
      }
    >
      <DataTable
        label="mappings"
        columns={columns}
        rows={list.data ?? []}
        rowKey={({ record }) => record.id}
        loading={list.isPending}
        error={list.error && { message: list.error.message, onRetry: () => void list.refetch() }}
        maxHeight={240}
        onRowOpen={setHistory}
        empty={<Empty title="No mapping" hint="Documented topics need none." />}
      />
      {history !== null && (
        <MappingHistory
          mapping={history}
          onClose={() => setHistory(null)}
          onEdit={(begin) => {
            setEdited({ source: history, begin })
            setHistory(null)
          }}
        />
      )}
      {edited !== null && (
        <MappingDialog
          connectionId={connectionId}
          canListen={canListen}
          source={edited.source}
          begin={edited.begin}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  )
}

export type { Row as MappingRow }
