import Box from '@mui/material/Box'
import { useMemo } from 'react'
import type { BackTest } from '../../../../contract/finding.ts'
import { Chart } from '../../../charts/Chart.tsx'
import { formatCount, formatDate } from '../../../widgets/format.ts'
import { backTestChart } from './back-test-chart.ts'

/** What limits would have raised on stored history, beside those in force. */
export function BackTestView({ backTest }: { backTest: BackTest }) {
  const spec = useMemo(() => backTestChart(backTest), [backTest])
  const { window, findings, silenced, added, note } = backTest
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Box sx={{ typography: 'body2' }}>
        <strong>{silenced === 1 ? '1 alert silenced' : `${formatCount(silenced)} alerts silenced`}</strong>,{' '}
        <strong>{formatCount(added)} added</strong>, on {formatCount(findings)} findings from {formatDate(window.from)}{' '}
        to {formatDate(window.to)}. {note}
      </Box>
      {backTest.weeks.length > 0 && <Chart spec={spec} height={170} />}
    </Box>
  )
}
