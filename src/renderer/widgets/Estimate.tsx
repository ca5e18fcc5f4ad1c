import Box from '@mui/material/Box'
import type { Estimate as EstimateValue } from '../../contract/primitives.ts'
import { formatCount, formatFixed, formatInterval, formatValue, intervalDecimals, type Unit } from './format.ts'
import { StatusShape } from './Status.tsx'

export type EstimateProps = {
  estimate: EstimateValue
  unit?: Unit
  digits?: number
  /** `inline` for sentences and cells; `stacked` for narrow cells; `figure` for a number that stands by itself under a label. */
  variant?: 'inline' | 'stacked' | 'figure'
  label?: string
  /** Leaves out n, where a column beside shows it. */
  hideCount?: boolean
}

/** A number with what is needed to trust it: "0.91 (0.89 to 0.93), n 1,204", or why there is none. */
export function Estimate({ estimate, unit = 'none', digits = 3, variant = 'inline', label, hideCount }: EstimateProps) {
  const count = hideCount ? '' : `n ${formatCount(estimate.n)}`
  const { value, interval } = inWords(estimate, unit, digits)
  if (variant === 'inline') {
    return (
      <Box component="span" sx={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
        {estimate.value === null ? (
          <Insufficient note={estimate.note} />
        ) : (
          <>
            <Box component="span" sx={{ fontWeight: 600 }}>
              {value}
            </Box>
            {interval !== '' && (
              <Box component="span" sx={{ color: 'text.secondary' }}>
                {` (${interval})`}
              </Box>
            )}
          </>
        )}
        {count !== '' && (
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {`, ${count}`}
          </Box>
        )}
      </Box>
    )
  }
  const basis = [interval, count].filter((part) => part !== '').join(' · ')
  if (variant === 'stacked') {
    return (
      <Box sx={{ fontVariantNumeric: 'tabular-nums', lineHeight: 1.35 }}>
        <Box sx={{ fontWeight: 600 }}>{estimate.value === null ? <Insufficient note={estimate.note} /> : value}</Box>
        <Box sx={{ typography: 'caption', lineHeight: 1.2, color: 'text.secondary' }}>{basis}</Box>
      </Box>
    )
  }
  return (
    <Box sx={{ minWidth: 0 }}>
      {label !== undefined && <Box sx={{ typography: 'caption', color: 'text.secondary' }}>{label}</Box>}
      <Box sx={{ fontSize: '1.5rem', lineHeight: 1.25, fontWeight: 560, letterSpacing: '-0.015em' }}>
        {estimate.value === null ? (
          <Box component="span" sx={{ fontSize: '0.9375rem', lineHeight: 2 }}>
            <Insufficient note={estimate.note} />
          </Box>
        ) : (
          value
        )}
      </Box>
      <Box sx={{ typography: 'caption', color: 'text.secondary' }}>{basis}</Box>
    </Box>
  )
}

/** A number and its interval with the same decimals, so that neither claims more than the other. */
function inWords({ value, interval }: EstimateValue, unit: Unit, digits: number): { value: string; interval: string } {
  if (value === null || interval === null) return { value: formatValue(value, unit, digits), interval: '' }
  if (unit !== 'none' && unit !== '') {
    return { value: formatValue(value, unit, digits), interval: formatInterval(interval, unit, digits) }
  }
  const decimals = intervalDecimals(value, interval, digits)
  const [low, high] = interval.map((end) => formatFixed(end, decimals))
  return { value: formatFixed(value, decimals), interval: `${low} to ${high}` }
}

function Insufficient({ note }: { note: string | undefined }) {
  return (
    <Box
      component="span"
      title={note}
      sx={{ display: 'inline-flex', alignItems: 'center', gap: 0.5, color: 'status.insufficient' }}
    >
      <StatusShape status="insufficient" />
      {note ?? 'insufficient'}
    </Box>
  )
}
