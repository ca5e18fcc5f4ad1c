import Autocomplete from '@mui/material/Autocomplete'
import Box from '@mui/material/Box'
import Chip from '@mui/material/Chip'
import MenuItem from '@mui/material/MenuItem'
import TextField from '@mui/material/TextField'
import type { OutputOf } from '../../../contract/api.ts'
import { api } from '../../../contract/api.ts'
import { useSearchValue } from '../../data/use-search-value.ts'
import { DataTable, type TableColumn } from '../../widgets/DataTable.tsx'
import { absent, formatCount } from '../../widgets/format.ts'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Time } from '../../widgets/Time.tsx'
import { actionWord, entryWord } from '../shared/audit-words.ts'
import { usePages } from '../shared/use-pages.ts'
import { usePeople } from '../shared/use-people.ts'

type LogRow = OutputOf<'audit.list'>['items'][number]

/** Every command leaves one entry under its own name. */
const commandNames = Object.entries(api)
  .filter(([, { kind }]) => kind === 'command')
  .map(([name]) => name)
  .sort()

const columns: TableColumn<LogRow>[] = [
  { id: 'index', header: 'Entry', width: 84, align: 'right', render: ({ entry }) => formatCount(entry.index) },
  { id: 'at', header: 'When (UTC)', width: 194, render: ({ entry }) => <Time at={entry.at} withSeconds /> },
  {
    id: 'actor',
    header: 'Who',
    width: 150,
    title: ({ entry }) => entry.actor.roles.join(', '),
    render: ({ entry }) => entry.actor.name,
  },
  {
    id: 'action',
    header: 'What',
    width: '22%',
    title: ({ entry }) => entry.action,
    render: ({ entry }) => entryWord(entry),
  },
  {
    id: 'subject',
    header: 'Of',
    title: ({ entry }) => entry.subject?.name ?? '',
    render: ({ entry }) => entry.subject?.name ?? absent,
  },
  {
    id: 'reason',
    header: 'Why',
    width: '26%',
    title: ({ entry }) => entry.reason ?? '',
    render: ({ entry }) => entry.reason ?? absent,
  },
]

/** The log, newest first, narrowed by action, person or subject. */
export function LogSection({ onOpen }: { onOpen: (index: number) => void }) {
  const [action, setAction] = useSearchValue('action')
  const [actorId, setActorId] = useSearchValue('actor')
  const [subjectId, setSubjectId] = useSearchValue('subject')
  const { people } = usePeople()
  const log = usePages('audit.list', { limit: 200, action, actorId, subjectId }, { records: true })
  const isNarrowed = action !== null || actorId !== null || subjectId !== null
  return (
    <Section
      title="Log"
      flush
      actions={
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>
          {subjectId !== null && <Chip label={`About ${subjectId}`} onDelete={() => setSubjectId(null)} />}
          <Autocomplete
            freeSolo
            options={commandNames}
            getOptionLabel={actionWord}
            value={action}
            onChange={(_, chosen) => setAction(chosen === null || chosen === '' ? null : chosen)}
            sx={{ width: 230 }}
            renderInput={(params) => <TextField {...params} label="What" />}
          />
          <TextField
            select
            label="Who"
            value={actorId ?? ''}
            onChange={(event) => setActorId(event.target.value === '' ? null : event.target.value)}
            sx={{ minWidth: 160 }}
            slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          >
            <MenuItem value="">Everybody</MenuItem>
            {people.map(({ id, name }) => (
              <MenuItem key={id} value={id}>
                {name}
              </MenuItem>
            ))}
          </TextField>
        </Box>
      }
    >
      <DataTable
        label="audit log"
        columns={columns}
        rows={log.data ?? []}
        rowKey={({ entry }) => entry.index}
        loading={log.isPending || log.isFetchingNextPage}
        error={log.error && { message: log.error.message, onRetry: () => void log.refetch() }}
        maxHeight={480}
        onRowOpen={({ entry }) => onOpen(entry.index)}
        onEndReached={log.loadMore}
        empty={<Empty title={isNarrowed ? 'No entry of this kind' : 'Nothing has been recorded yet'} />}
      />
    </Section>
  )
}
