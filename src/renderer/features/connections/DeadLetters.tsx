import { useState } from 'react'
import type { DeadLetter } from '../../../contract/sample.ts'
import { DataTable, type TableColumn } from '../../widgets/DataTable.tsx'
import { formatBytes } from '../../widgets/format.ts'
import { Section } from '../../widgets/Section.tsx'
import { Empty } from '../../widgets/States.tsx'
import { Time } from '../../widgets/Time.tsx'
import { usePages } from '../shared/use-pages.ts'
import { capitalise } from '../shared/words.ts'
import { PayloadDialog } from './PayloadDialog.tsx'

export const codeWord = (code: DeadLetter['code']) => capitalise(code.replaceAll('-', ' ').replace('json', 'JSON'))

const columns: TableColumn<DeadLetter>[] = [
  { id: 'at', header: 'Came', width: 194, render: ({ at }) => <Time at={at} withSeconds /> },
  { id: 'code', header: 'Kind', width: 160, sortKey: ({ code }) => code, render: ({ code }) => codeWord(code) },
  { id: 'reason', header: 'Why it was refused', title: ({ reason }) => reason, render: ({ reason }) => reason },
  { id: 'source', header: 'From', width: '24%', title: ({ source }) => source, render: ({ source }) => source },
  {
    id: 'bytes',
    header: 'Size',
    width: 88,
    align: 'right',
    sortKey: ({ payloadBytes }) => payloadBytes,
    render: ({ payloadBytes }) => formatBytes(payloadBytes),
  },
]

/** What intake refused, newest first, with the reason; nothing is dropped unseen. */
export function DeadLetters({ connectionId }: { connectionId: string | null }) {
  const letters = usePages(
    'deadLetters.list',
    { connectionId, limit: 100 },
    { data: ['samples', 'labels', 'telemetry', 'connections'], records: ['connection'] },
  )
  const [shown, setShown] = useState<DeadLetter | null>(null)
  return (
    <Section title="Dead letters" note="What was refused and why. Everything else of the same message is kept." flush>
      <DataTable
        label="dead letters"
        columns={columns}
        rows={letters.data ?? []}
        rowKey={({ id }) => id}
        loading={letters.isPending || letters.isFetchingNextPage}
        error={letters.error && { message: letters.error.message, onRetry: () => void letters.refetch() }}
        maxHeight={320}
        onRowOpen={setShown}
        onEndReached={letters.loadMore}
        empty={<Empty title="Nothing was refused" />}
      />
      {shown !== null && <PayloadDialog letter={shown} onClose={() => setShown(null)} />}
    </Section>
  )
}
