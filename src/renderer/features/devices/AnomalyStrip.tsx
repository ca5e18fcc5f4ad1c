import Box from '@mui/material/Box'
import type { AnomalyCourse, AnomalySpan } from '../../../contract/anomaly.ts'
import type { Window } from '../../../contract/primitives.ts'
import { formatInstant } from '../../widgets/format.ts'
import { alarmParts, anomaliesWithin, stripParts } from './anomaly-strip.ts'

export type AnomalyStripProps = {
  /** What it is of, for assistive technology. */
  label: string
  course: AnomalyCourse
  anomalies: readonly AnomalySpan[]
  window: Window
}

const percent = (share: number) => `${share * 100}%`

/** How unusual the readings were, on the axis of the chart above it: the darker the more so, alarms as solid marks. */
export function AnomalyStrip({ label, course, anomalies, window }: AnomalyStripProps) {
  const shown = anomaliesWithin(anomalies, window)
  const text =
    shown.length === 0
      ? `${label}: nothing unusual`
      : `${label}: unusual at ${shown.map(({ from, score, reason }) => `${formatInstant(from)}, score ${score.toFixed(2)}: ${reason}`).join('; ')}`
  return (
    <Box
      role="img"
      aria-label={text}
      title={text.replaceAll('; ', '\n')}
      // The same room at the sides as the charts keep.
      sx={{ position: 'relative', ml: '84px', mr: '16px', height: 10, bgcolor: 'action.hover', overflow: 'hidden' }}
    >
      {stripParts(course, window).map(({ left, width, score }) => (
        <Box
          key={left}
          sx={{
            position: 'absolute',
            insetBlock: 0,
            left: percent(left),
            width: percent(width),
            bgcolor: 'primary.main',
            opacity: Math.min(0.9, score),
          }}
        />
      ))}
      {alarmParts(anomalies, window).map(({ left, width }) => (
        <Box
          key={left}
          sx={{
            position: 'absolute',
            insetBlock: 0,
            left: percent(left),
            width: percent(width),
            minWidth: 3,
            bgcolor: 'warning.main',
          }}
        />
      ))}
    </Box>
  )
}
