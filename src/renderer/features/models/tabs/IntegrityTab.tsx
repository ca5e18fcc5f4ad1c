import Box from '@mui/material/Box'
import { useMemo } from 'react'
import type { DetailOf } from '../../../../contract/report.ts'
import { useSearchValue } from '../../../data/use-search-value.ts'
import { DataTable, type TableColumn } from '../../../widgets/DataTable.tsx'
import { formatCount, formatDuration, formatPercent } from '../../../widgets/format.ts'
import { KeyValue } from '../../../widgets/KeyValue.tsx'
import { Section } from '../../../widgets/Section.tsx'
import { Status } from '../../../widgets/Status.tsx'
import { ReportPanel } from '../report/ReportPanel.tsx'

type Detail = DetailOf<'integrity'>
type ColumnRow = Detail['columns'][number]

/** Is the data whole and within its declared bounds? */
export function IntegrityTab() {
  return (
    <ReportPanel kind="integrity" comparable>
      {(detail) => <IntegrityDetail detail={detail} />}
    </ReportPanel>
  )
}

const severity = ['ok', 'insufficient', 'warning', 'breach']

function IntegrityDetail({ detail }: { detail: Detail }) {
  const rows = useMemo(
    () => [...detail.columns].sort((left, right) => severity.indexOf(right.status) - severity.indexOf(left.status)),
    [detail.columns],
  )
  const [named, setNamed] = useSearchValue('column')
  const selected = rows.find(({ name }) => name === named) ?? null
  return (
    <>
      <Section title="The window as a whole" note={`${formatCount(detail.n)} samples`}>
        <KeyValue
          columns={2}
          labelWidth={170}
          items={[
            { label: 'Repeated samples', value: shareText(detail.duplicates, detail.n) },
            {
              label: 'Newest sample',
              value:
                detail.freshnessMs === null
                  ? 'none'
                  : `${formatDuration(detail.freshnessMs)} before the end of the window`,
            },
            { label: 'Declared but absent', value: namesOr(detail.missingColumns, 'no column') },
            { label: 'Present, not declared', value: namesOr(detail.extraColumns, 'no column') },
          ]}
        />
      </Section>
      <Section title="Columns" note="Choose one to see what is wrong with it" flush>
        <DataTable
          label="Columns with their faults"
          columns={columns}
          rows={rows}
          rowKey={(row) => row.name}
          selectedKey={selected?.name ?? null}
          onRowOpen={(row) => setNamed(row.name === named ? null : row.name)}
          maxHeight={520}
        />
      </Section>
      {selected !== null && <ColumnFaults column={selected} />}
    </>
  )
}

const namesOr = (names: readonly string[], none: string) => (names.length === 0 ? none : names.join(', '))
const shareText = (count: number, of: number) =>
  count === 0 ? 'none' : `${formatCount(count)}${of === 0 ? '' : ` (${formatPercent(count / of, 2)})`}`

const unseenOf = (row: ColumnRow) => row.unseenCategories.reduce((sum, { count }) => sum + count, 0)

const counted = (
  id: string,
  header: string,
  hint: string,
  count: (row: ColumnRow) => number,
): TableColumn<ColumnRow> => ({
  id,
  header,
  hint,
  align: 'right',
  width: 118,
  sortKey: count,
  render: (row) => shareText(count(row), row.n),
})

const columns: TableColumn<ColumnRow>[] = [
  {
    id: 'status',
    header: 'Status',
    width: 126,
    sortKey: (row) => severity.indexOf(row.status),
    render: (row) => <Status status={row.status} />,
  },
  { id: 'name', header: 'Column', sortKey: (row) => row.name, render: (row) => row.name },
  { id: 'type', header: 'Type', width: 96, render: (row) => row.type },
  counted('missing', 'Missing', 'No value', (row) => row.missing),
  counted('type-wrong', 'Wrong type', 'Values of another type than declared', (row) => row.wrongType),
  counted('range', 'Out of range', 'Outside the declared range', (row) => row.outOfRange),
  counted('unseen', 'Unseen', 'Categories that are neither declared nor in the reference', unseenOf),
  {
    id: 'problems',
    header: 'What is wrong',
    width: '26%',
    title: (row) => row.problems.join('; '),
    render: (row) => (row.problems.length === 0 ? '' : row.problems.join('; ')),
  },
]

function ColumnFaults({ column }: { column: ColumnRow }) {
  return (
    <Section title={column.name} note={`${formatCount(column.n)} values, ${column.type}`}>
      {column.problems.length === 0 ? (
        <Box sx={{ typography: 'body2' }}>Nothing is wrong with this column.</Box>
      ) : (
        <Box component="ul" sx={{ m: 0, pl: 2.5, typography: 'body2' }}>
          {column.problems.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </Box>
      )}
      {column.unseenCategories.length > 0 && (
        <Box sx={{ mt: 1.5, maxWidth: 480 }}>
          <DataTable
            label={`Unseen categories of ${column.name}`}
            rows={column.unseenCategories}
            rowKey={(row) => row.value}
            rowHeight={28}
            maxHeight={240}
            columns={[
              { id: 'value', header: 'Unseen category', render: (row) => <code>{row.value}</code> },
              { id: 'count', header: 'Samples', align: 'right', width: 100, render: (row) => formatCount(row.count) },
            ]}
          />
        </Box>
      )}
    </Section>
  )
}
