import Box from '@mui/material/Box'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import type { Gate, GateResult } from '../../../contract/release.ts'
import { Estimate } from '../../widgets/Estimate.tsx'
import { absent, formatValue } from '../../widgets/format.ts'
import { Status } from '../../widgets/Status.tsx'
import { Disclosure } from '../shared/Disclosure.tsx'
import { FactView } from '../shared/FactView.tsx'
import { gateKindWord, outcomeWords } from './gate-rows.ts'
import { pairedOf } from './paired.ts'

/** One gate: its numbers in a row, and under it what they mean, with the detail behind a name. */
export function GateRow({ gate, result }: { gate: Gate | null; result: GateResult | null }) {
  const title = result?.title ?? gate?.title ?? ''
  const kind = gateKindWord(result?.kind ?? gate?.kind ?? '')
  if (result === null) {
    return (
      <TableRow>
        <GateName title={title} kind={kind} />
        <TableCell>
          <Status status="unknown" label="Not run" />
        </TableCell>
        <TableCell>{absent}</TableCell>
        <TableCell align="right">{absent}</TableCell>
        <TableCell>{absent}</TableCell>
      </TableRow>
    )
  }
  const { outcome, measured, unit, limit, direction, production, message, detail } = result
  const shownUnit = unit === '' ? 'none' : unit === 'share' ? 'percent' : unit
  return (
    <>
      <TableRow sx={{ '& > .MuiTableCell-root': { borderBottom: 0, pb: 0.25 } }}>
        <GateName title={title} kind={kind} />
        <TableCell>
          <Status status={outcomeWords[outcome].status} label={outcomeWords[outcome].word} />
        </TableCell>
        <TableCell>
          <Estimate estimate={measured} unit={shownUnit} />
        </TableCell>
        <TableCell align="right" sx={{ whiteSpace: 'nowrap' }}>
          {limit === null ? absent : `${direction === 'at-least' ? '≥' : '≤'} ${formatValue(limit, shownUnit)}`}
        </TableCell>
        <TableCell>
          {production === null ? absent : <Estimate estimate={production} unit={shownUnit} hideCount />}
          <Paired detail={detail} />
        </TableCell>
      </TableRow>
      <TableRow>
        <TableCell colSpan={5} sx={{ pt: 0, color: 'text.secondary' }}>
          <Box>{message}</Box>
          {detail !== null && (
            <Disclosure summary="Detail">
              <FactView value={detail} />
            </Disclosure>
          )}
        </TableCell>
      </TableRow>
    </>
  )
}

/** How the candidate differs from production on the same rows, where both were measured. */
function Paired({ detail }: { detail: GateResult['detail'] }) {
  const paired = pairedOf(detail)
  if (paired === null) return null
  return (
    <Box sx={{ typography: 'caption', color: 'text.secondary', whiteSpace: 'nowrap' }} title={paired.explanation}>
      {paired.text}
    </Box>
  )
}

function GateName({ title, kind }: { title: string; kind: string }) {
  return (
    <TableCell component="th" scope="row">
      <Box sx={{ fontWeight: 600 }}>{title}</Box>
      <Box sx={{ typography: 'caption', color: 'text.secondary' }}>{kind}</Box>
    </TableCell>
  )
}
