import { sparkline } from './sparkline-path.ts'

export type SparklineProps = {
  /** Evenly spaced values; NaN is a gap. */
  values: ArrayLike<number>
  limit?: number | null
  /** Said to assistive technology: "accuracy over 7 days". */
  label: string
  breach?: boolean
  width?: number
  height?: number
}

/** A word-sized line for table cells: light enough for thousands of rows. */
export function Sparkline({ values, limit = null, label, breach = false, width = 96, height = 22 }: SparklineProps) {
  const { line, limitY, end } = sparkline(values, { width, height }, limit)
  const color = breach ? 'var(--mui-palette-status-breach)' : 'var(--mui-palette-primary-main)'
  return (
    <svg role="img" aria-label={label} width={width} height={height} style={{ display: 'block' }}>
      {limitY !== null && (
        <line
          x1="0"
          x2={width}
          y1={limitY}
          y2={limitY}
          stroke="var(--mui-palette-text-secondary)"
          strokeDasharray="3 2"
          strokeWidth="1"
        />
      )}
      <path d={line} fill="none" stroke={color} strokeWidth="1.4" strokeLinejoin="round" />
      {end !== null && <circle cx={end.x} cy={end.y} r="2" fill={color} />}
    </svg>
  )
}
