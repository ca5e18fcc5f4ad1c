import Box from '@mui/material/Box'
import Table from '@mui/material/Table'
import TableBody from '@mui/material/TableBody'
import TableCell from '@mui/material/TableCell'
import TableHead from '@mui/material/TableHead'
import TableRow from '@mui/material/TableRow'
import type { GateResult, TestPlan } from '../../../contract/release.ts'
import { GateRow } from './GateRow.tsx'
import { gateRows } from './gate-rows.ts'

export type GateTableProps = { gates: readonly GateResult[]; plan: TestPlan }

/** Each gate with what was measured, its limit, production on the same rows, and the outcome. */
export function GateTable({ gates, plan }: GateTableProps) {
  return (
    <Box sx={{ overflowX: 'auto' }}>
      <Table size="small" aria-label="gates" sx={{ minWidth: 780 }}>
        <TableHead>
          <TableRow>
            <TableCell>Gate</TableCell>
            <TableCell>Outcome</TableCell>
            <TableCell>Measured (interval), n</TableCell>
            <TableCell align="right">Limit</TableCell>
            <TableCell>Production</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {gateRows(plan.gates, gates).map(({ gate, result }) => (
            <GateRow key={gate?.id ?? result?.gateId} gate={gate} result={result} />
          ))}
        </TableBody>
      </Table>
    </Box>
  )
}
