import Box from '@mui/material/Box'
import { shortenDigest } from '../../../widgets/format.ts'
import type { Proof } from './use-proof.ts'

const rowHeight = 46
const width = 620
const centre = width / 2
const reach = 196

/** The way from an entry to the root of the checkpoint, as a drawing: each hash with its neighbour gives the one above. */
export function ProofPath({ proof }: { proof: Proof }) {
  const { steps, leafHash, entry, checkpoint } = proof
  const height = (steps.length + 1) * rowHeight + 20
  const yOf = (level: number) => height - 30 - level * rowHeight
  const ours = [leafHash, ...steps.map(({ result }) => result)]
  return (
    <Box
      component="svg"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`Path of ${steps.length} steps from entry ${entry.index} to the root of the checkpoint over ${checkpoint.size} entries`}
      sx={{ display: 'block', width: '100%', maxWidth: width, mx: 'auto', fontSize: 11.5 }}
    >
      {steps.map(({ side, neighbour }, level) => {
        const x = side === 'left' ? centre - reach : centre + reach
        return (
          <g key={neighbour}>
            <path
              d={`M${centre} ${yOf(level) - 11}V${yOf(level + 1) + 11}M${x} ${yOf(level) - 11}V${yOf(level) - rowHeight / 2}H${centre}`}
              fill="none"
              stroke="var(--mui-palette-divider)"
              strokeWidth="1.4"
            />
            <Hash x={x} y={yOf(level)} text={shortenDigest(neighbour)} />
          </g>
        )
      })}
      {ours.map((hash, level) => (
        <Hash
          key={hash}
          x={centre}
          y={yOf(level)}
          text={shortenDigest(hash)}
          isOurs
          note={level === 0 ? `entry ${entry.index}` : level === steps.length ? 'root' : undefined}
        />
      ))}
    </Box>
  )
}

function Hash({
  x,
  y,
  text,
  isOurs = false,
  note,
}: {
  x: number
  y: number
  text: string
  isOurs?: boolean
  note?: string
}) {
  return (
    <g>
      <rect
        x={x - 70}
        y={y - 11}
        width="140"
        height="22"
        rx="3"
        fill="var(--mui-palette-raised)"
        stroke={isOurs ? 'var(--mui-palette-primary-main)' : 'var(--mui-palette-divider)'}
      />
      <Box
        component="text"
        x={x}
        y={y + 4}
        textAnchor="middle"
        fill={isOurs ? 'var(--mui-palette-text-primary)' : 'var(--mui-palette-text-secondary)'}
        sx={{ fontFamily: 'ui-monospace, "DejaVu Sans Mono", monospace' }}
      >
        {text}
      </Box>
      {note !== undefined && (
        <text x={x + 78} y={y + 4} fill="var(--mui-palette-text-secondary)">
          {note}
        </text>
      )}
    </g>
  )
}
