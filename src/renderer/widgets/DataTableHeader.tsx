import Box from '@mui/material/Box'
import TableSortLabel from '@mui/material/TableSortLabel'
import type { ReactNode } from 'react'
import type { SortDirection, SortKey } from './sort-rows.ts'

export type TableColumn<Row> = {
  id: string
  header: string
  render: (row: Row) => ReactNode
  /** Makes the column sortable. */
  sortKey?: (row: Row) => SortKey
  /** Pixels, or a CSS length such as `20%`; columns without one share what is left. */
  width?: number | string
  /** Pixels that a column without a fixed width keeps; a table that cannot give them scrolls. */
  minWidth?: number
  /** Numbers stand right. */
  align?: 'left' | 'right'
  /** Whole text of a cell that may be cut, shown on hover. */
  title?: (row: Row) => string
  /** Explains the column on hover. */
  hint?: string
}

export type TableSort = { columnId: string; direction: SortDirection }

type TableHeaderProps<Row> = {
  columns: TableColumn<Row>[]
  sort: TableSort | null
  onSort: (sort: TableSort | null) => void
}

/** Column widths and the sticky row of names; a click on a name sorts up, then down, then not at all. */
export function TableHeader<Row>({ columns, sort, onSort }: TableHeaderProps<Row>) {
  return (
    <>
      <colgroup>
        {columns.map((column) => (
          <col key={column.id} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column) => {
            const direction = sort?.columnId === column.id ? sort.direction : undefined
            return (
              <Box
                key={column.id}
                component="th"
                scope="col"
                title={column.hint}
                data-align={column.align}
                aria-sort={column.sortKey === undefined ? undefined : (direction ?? 'none')}
                sx={{
                  position: 'sticky',
                  top: 0,
                  zIndex: 1,
                  height: 32,
                  bgcolor: 'raised',
                  color: 'text.secondary',
                  fontSize: '0.75rem',
                  fontWeight: 600,
                }}
              >
                {column.sortKey === undefined ? (
                  column.header
                ) : (
                  <TableSortLabel
                    active={direction !== undefined}
                    direction={direction === 'descending' ? 'desc' : 'asc'}
                    onClick={() => onSort(nextSort(column.id, direction))}
                    sx={{
                      flexDirection: column.align === 'right' ? 'row-reverse' : 'row',
                      '& .MuiTableSortLabel-icon': {
                        fontSize: 14,
                        mx: 0.25,
                        display: direction === undefined ? 'none' : undefined,
                      },
                    }}
                  >
                    {column.header}
                  </TableSortLabel>
                )}
              </Box>
            )
          })}
        </tr>
      </thead>
    </>
  )
}

function nextSort(columnId: string, direction: SortDirection | undefined): TableSort | null {
  if (direction === undefined) return { columnId, direction: 'ascending' }
  return direction === 'ascending' ? { columnId, direction: 'descending' } : null
}
