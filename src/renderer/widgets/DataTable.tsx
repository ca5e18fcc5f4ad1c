import Box from '@mui/material/Box'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { type TableColumn, TableHeader, type TableSort } from './DataTableHeader.tsx'
import { Empty, ErrorState, Loading } from './States.tsx'
import { sortedOrder } from './sort-rows.ts'

export type { TableColumn, TableSort } from './DataTableHeader.tsx'

export type DataTableProps<Row> = {
  /** What the table holds, for assistive technology. */
  label: string
  columns: TableColumn<Row>[]
  rows: Row[]
  rowKey: (row: Row, index: number) => string | number
  initialSort?: TableSort
  /** Given where somebody else orders the rows: a click on a header is told, and rows stand as they come. */
  sort?: TableSort | null
  onSort?: (sort: TableSort | null) => void
  /** How many rows there are in all, where `rows` are the first of them. */
  rowCount?: number
  /** Makes rows selectable by click, Enter and Space. */
  onRowOpen?: (row: Row) => void
  selectedKey?: string | number | null
  /** Height of the scrolling area; a table shorter than it takes only what it needs. */
  maxHeight?: number | string
  rowHeight?: number
  loading?: boolean
  error?: { message: string; onRetry?: () => void } | null
  empty?: ReactNode
  /** Called when the last rows come into view: load the next page. */
  onEndReached?: () => void
}

/**
 * A real table in which only the rows in view exist: quick at 100,000 rows. Arrow keys, Page Up and Down, Home and End
 * move between rows; Enter opens one.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, onRowOpen, selectedKey = null, maxHeight = 480, rowHeight = 34 } = props
  const [ownSort, setOwnSort] = useState<TableSort | null>(props.initialSort ?? null)
  const isOrdered = props.onSort !== undefined
  const sort = isOrdered ? (props.sort ?? null) : ownSort
  const [activeIndex, setActiveIndex] = useState(0)
  const scrollRef = useRef<HTMLDivElement>(null)
  const moveFocus = useRef(false)

  const order = useMemo(() => {
    const sortKey = columns.find((column) => column.id === sort?.columnId)?.sortKey
    return isOrdered || sort === null || sortKey === undefined ? null : sortedOrder(rows.map(sortKey), sort.direction)
  }, [rows, columns, sort, isOrdered])

  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // Before the first measurement, as in a test without layout, some rows are better than none.
    initialRect: { width: 0, height: typeof maxHeight === 'number' ? maxHeight : 480 },
  })
  const items = virtualizer.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)

  const lastShown = items.at(-1)?.index ?? -1
  const { onEndReached } = props
  useEffect(() => {
    if (onEndReached !== undefined && rows.length > 0 && lastShown >= rows.length - 1) onEndReached()
  }, [lastShown, rows.length, onEndReached])

  const active = Math.min(activeIndex, rows.length - 1)
  useEffect(() => {
    if (!moveFocus.current) return
    const row = scrollRef.current?.querySelector<HTMLElement>(`[data-index="${active}"]`)
    if (row === null || row === undefined) return
    moveFocus.current = false
    row.focus({ preventScroll: true })
  })

  const moveTo = (index: number) => {
    const target = Math.max(0, Math.min(rows.length - 1, index))
    moveFocus.current = true
    setActiveIndex(target)
    virtualizer.scrollToIndex(target)
  }
  const handleKey = (event: KeyboardEvent<HTMLTableSectionElement>) => {
    const page = Math.max(1, Math.floor((scrollRef.current?.clientHeight ?? 0) / rowHeight) - 2)
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1,
    }
    const onRow = event.target instanceof HTMLElement && event.target.tagName === 'TR'
    if (event.key in steps) {
      event.preventDefault()
      moveTo(steps[event.key])
    } else if (onRow && onRowOpen !== undefined && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      onRowOpen(rowAt(active))
    }
  }
  const rowAt = (index: number) => rows[order === null ? index : order[index]]

  if (props.error) {
    return (
      <Box sx={{ p: 2 }}>
        <ErrorState message={props.error.message} onRetry={props.error.onRetry} />
      </Box>
    )
  }
  if (props.loading && rows.length === 0) {
    return (
      <Box sx={{ px: 2 }}>
        <Loading rows={6} label={`Loading ${label}`} />
      </Box>
    )
  }
  if (rows.length === 0) return props.empty ?? <Empty title="Nothing here yet" />

  return (
    <Box ref={scrollRef} sx={{ maxHeight, overflow: 'auto', position: 'relative', overflowAnchor: 'none' }}>
      <Box
        component="table"
        role="grid"
        aria-label={label}
        aria-rowcount={(props.rowCount ?? rows.length) + 1}
        aria-busy={props.loading || undefined}
        sx={{ ...tableStyle, minWidth: leastWidth(columns) }}
      >
        <TableHeader columns={columns} sort={sort} onSort={props.onSort ?? setOwnSort} />
        <Spacer height={above} columnCount={columns.length} />
        <tbody onKeyDown={handleKey}>
          {items.map((item) => {
            const row = rowAt(item.index)
            const id = rowKey(row, item.index)
            return (
              <tr
                key={id}
                data-index={item.index}
                data-openable={onRowOpen === undefined ? undefined : true}
                aria-rowindex={item.index + 2}
                aria-selected={onRowOpen === undefined ? undefined : id === selectedKey}
                tabIndex={item.index === active ? 0 : -1}
                style={{ height: rowHeight }}
                onFocus={() => setActiveIndex(item.index)}
                onClick={onRowOpen && (() => onRowOpen(row))}
              >
                {columns.map((column) => (
                  <td key={column.id} data-align={column.align} title={column.title?.(row)}>
                    {column.render(row)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
        <Spacer height={below} columnCount={columns.length} />
      </Box>
    </Box>
  )
}

/** A window too narrow for all columns scrolls them rather than squeezing the ones without a width of their own. */
function leastWidth<Row>(columns: readonly TableColumn<Row>[]): number {
  return columns.reduce((sum, { width, minWidth = 110 }) => sum + (typeof width === 'number' ? width : minWidth), 0)
}

/** Stands for the rows out of view, so that the scroll bar tells the truth. */
function Spacer({ height, columnCount }: { height: number; columnCount: number }) {
  if (height <= 0) return null
  return (
    <tbody aria-hidden="true">
      <tr>
        <td colSpan={columnCount} style={{ height, padding: 0, border: 0 }} />
      </tr>
    </tbody>
  )
}

const tableStyle = {
  width: '100%',
  tableLayout: 'fixed',
  borderCollapse: 'separate',
  borderSpacing: 0,
  typography: 'body2',
  '& th, & td': {
    px: 1.5,
    py: 0,
    textAlign: 'left',
    verticalAlign: 'middle',
    borderBottom: 1,
    borderColor: 'divider',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '& th:first-of-type, & td:first-of-type': { pl: 2 },
  '& th:last-of-type, & td:last-of-type': { pr: 2 },
  '& [data-align="right"]': { textAlign: 'right', fontVariantNumeric: 'tabular-nums' },
  '& tbody tr:last-of-type td': { borderBottom: 0 },
  '& tbody tr[data-openable]': { cursor: 'pointer' },
  '& tbody tr[data-index]:hover': { bgcolor: 'action.hover' },
  '& tbody tr[aria-selected="true"]': {
    bgcolor: 'action.selected',
    boxShadow: 'inset 2px 0 0 var(--mui-palette-primary-main)',
  },
  '& tbody tr:focus-visible': { outlineOffset: -2 },
} as const
