import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { useDeferredValue, useState } from 'react'
import { type DeadLetter, type DeadLetterFilter, deadLetter, deadLetterFilter } from '../../../contract/sample.ts'
import { DataTable, type TableColumn } from '../../widgets/DataTable.tsx'
import { formatBytes, formatCount } from '../../widgets/format.ts'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Time } from '../../widgets/Time.tsx'
import { ChoiceField } from '../shared/ChoiceField.tsx'
import { GuardedButton } from '../shared/GuardedButton.tsx'
import { usePages } from '../shared/use-pages.ts'
import { capitalise } from '../shared/words.ts'
import { DiscardDialog } from './DiscardDialog.tsx'
import { PayloadDialog } from './PayloadDialog.tsx'
import { ReplayDialog } from './ReplayDialog.tsx'

export const codeWord = (code: DeadLetter['code']) => capitalise(code.replaceAll('-', ' ').replace('json', 'JSON'))

/** What became of a letter, in a word. */
export function replayWord({ replay, aheadAt, discardedAt }: DeadLetter): string {
  if (discardedAt !== undefined) return 'discarded'
  if (aheadAt !== undefined) return 'held apart'
  return replay === undefined ? 'waits' : replay.status === 'taken' ? 'taken' : 'refused again'
}

/** How far ahead of its arrival something says to be. */
const leadOf = ({ at, aheadAt = at }: DeadLetter) => aheadAt - at

const columns: TableColumn<DeadLetter>[] = [
  { id: 'at', header: 'Came', width: 194, render: ({ at }) => <Time at={at} withSeconds /> },
  { id: 'code', header: 'Kind', width: 160, sortKey: ({ code }) => code, render: ({ code }) => codeWord(code) },
  {
    id: 'reason',
    header: 'Why it was refused',
    title: ({ reason, replay }) => replay?.reason ?? reason,
    render: ({ reason, replay }) => (replay?.status === 'refused' ? replay.reason : reason),
  },
  { id: 'source', header: 'From', width: '22%', title: ({ source }) => source, render: ({ source }) => source },
  { id: 'replay', header: 'State', width: 120, sortKey: replayWord, render: replayWord },
  {
    id: 'bytes',
    header: 'Size',
    width: 88,
    align: 'right',
    sortKey: ({ payloadBytes }) => payloadBytes,
    render: ({ payloadBytes }) => formatBytes(payloadBytes),
  },
]

const states = [
  { id: 'open', label: 'not taken yet' },
  { id: 'held', label: 'held apart: in the future' },
  { id: 'taken', label: 'taken by a replay' },
  { id: 'discarded', label: 'discarded' },
  { id: 'all', label: 'all' },
]
const times = [
  { id: 'any', label: 'any time' },
  { id: '3600000', label: 'the last hour' },
  { id: '86400000', label: 'the last day' },
  { id: '604800000', label: 'the last week' },
]

/** What intake refused, newest first, with the reason; found by text, kind and time, and given to the intake again. */
export function DeadLetters({ connectionId }: { connectionId: string | null }) {
  const [text, setText] = useState('')
  const [code, setCode] = useState('any')
  const [state, setState] = useState('open')
  const [since, setSince] = useState<{ id: string; from: number | null }>({ id: 'any', from: null })
  const [shown, setShown] = useState<DeadLetter | null>(null)
  const [replayed, setReplayed] = useState<readonly number[] | 'all' | null>(null)
  const [discarded, setDiscarded] = useState<readonly number[] | 'all' | null>(null)
  const searched = useDeferredValue(text.trim())
  const filter: DeadLetterFilter = {
    state: deadLetterState(state),
    ...(searched !== '' && { text: searched }),
    ...(code !== 'any' && { code: deadLetter.shape.code.parse(code) }),
    ...(since.from !== null && { window: { from: since.from, to: since.from + 10 * 365 * 86_400_000 } }),
  }
  const letters = usePages(
    'deadLetters.list',
    { connectionId, filter, limit: 100 },
    { data: ['samples', 'labels', 'telemetry', 'connections'], records: ['connection', 'audit'] },
  )
  const found = letters.data ?? []
  const isHeld = state === 'held'
  const allWords = `all that match (${formatCount(found.length)}${letters.hasNextPage ? ' and more' : ''})`
  const nothing = found.length === 0 ? 'Nothing matches' : null
  const again = isHeld ? 'Release' : 'Replay'
  return (
    <Section
      title="Dead letters"
      note={
        isHeld
          ? 'What says to be of the future. It is released by itself into the right hour when its time comes; what came too far ahead for a slightly wrong clock waits for you.'
          : 'What was refused and why. Everything else of the same message is kept. After a mapping or a registration is mended they can be replayed: nothing is stored twice.'
      }
      flush
      actions={
        <>
          <GuardedButton
            method="deadLetters.discard"
            variant="outlined"
            whyNot={nothing ?? (state === 'open' || isHeld ? null : 'These are settled already')}
            onClick={() => setDiscarded('all')}
          >
            Discard all that match
          </GuardedButton>
          <GuardedButton
            method="deadLetters.replay"
            variant="outlined"
            whyNot={nothing}
            onClick={() => setReplayed('all')}
          >
            {again} all that match
          </GuardedButton>
        </>
      }
    >
      <Box sx={{ display: 'grid', gridTemplateColumns: '2fr 1fr 1fr 1fr', gap: 1, p: 1.5 }}>
        <TextField
          label="Search reason, source and payload"
          value={text}
          onChange={(event) => setText(event.target.value)}
          size="small"
          slotProps={{ htmlInput: { maxLength: 200 } }}
        />
        <ChoiceField
          label="Kind"
          value={code}
          choices={[
            { id: 'any', label: 'any' },
            ...deadLetter.shape.code.options.map((id) => ({ id, label: codeWord(id) })),
          ]}
          onChange={setCode}
          required={false}
        />
        <ChoiceField
          label="Came in"
          value={since.id}
          choices={times}
          onChange={(id) => setSince({ id, from: id === 'any' ? null : Date.now() - Number(id) })}
          required={false}
        />
        <ChoiceField label="State" value={state} choices={states} onChange={setState} required={false} />
      </Box>
      <DataTable
        label="dead letters"
        columns={columns}
        rows={found}
        rowKey={({ id }) => id}
        loading={letters.isPending || letters.isFetchingNextPage}
        error={letters.error && { message: letters.error.message, onRetry: () => void letters.refetch() }}
        maxHeight={320}
        onRowOpen={setShown}
        onEndReached={letters.loadMore}
        empty={<Empty title={searched === '' && code === 'any' ? 'Nothing was refused' : 'Nothing matches'} />}
      />
      {shown !== null && (
        <PayloadDialog
          letter={shown}
          onReplay={() => {
            setReplayed([shown.id])
            setShown(null)
          }}
          onDiscard={() => {
            setDiscarded([shown.id])
            setShown(null)
          }}
          onClose={() => setShown(null)}
        />
      )}
      {replayed !== null && (
        <ReplayDialog
          ids={replayed === 'all' ? null : replayed}
          connectionId={connectionId}
          filter={filter}
          what={replayed === 'all' ? allWords : 'this letter'}
          leadMs={Math.max(0, ...found.filter(({ id }) => replayed === 'all' || replayed.includes(id)).map(leadOf))}
          onClose={() => setReplayed(null)}
        />
      )}
      {discarded !== null && (
        <DiscardDialog
          ids={discarded === 'all' ? null : discarded}
          connectionId={connectionId}
          filter={filter}
          what={discarded === 'all' ? allWords : 'this letter'}
          onClose={() => setDiscarded(null)}
        />
      )}
    </Section>
  )
}

const deadLetterState = (id: string) => deadLetterFilter.shape.state.parse(id) ?? 'all'
