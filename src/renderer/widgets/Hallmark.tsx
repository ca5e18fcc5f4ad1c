import ButtonBase from '@mui/material/ButtonBase'
import Tooltip from '@mui/material/Tooltip'

export type HallmarkProps = {
  /** What has been certified or verified, in a word or two: "certified", "verified", "log entry 1,204". */
  label: string
  /** Said on hover and to assistive technology: by whom, when, on what. */
  detail?: string
  /** Opens the proof. A mark without a proof must not be shown. */
  onShowProof: () => void
}

/** The stamped mark. It stands only where something is certified or verified; a click shows the proof. */
export function Hallmark({ label, detail, onShowProof }: HallmarkProps) {
  return (
    <Tooltip title={detail ?? 'Show the proof'}>
      <ButtonBase
        onClick={onShowProof}
        aria-label={`${label}: show the proof${detail === undefined ? '' : `. ${detail}`}`}
        sx={{
          display: 'inline-flex',
          gap: 0.75,
          height: 24,
          pr: 0.75,
          color: 'text.primary',
          verticalAlign: 'middle',
          borderRadius: '3px',
          '&:hover': { bgcolor: 'action.hover' },
        }}
      >
        <svg viewBox="0 0 44 24" width="44" height="24" aria-hidden="true">
          {/* Three punches, as on metal: the maker's shield, the assay mark, the year letter's octagon. */}
          <path
            d="M1.5 3.5h11v10.2c0 3.2-2.4 5.2-5.5 6.8-3.1-1.6-5.5-3.6-5.5-6.8Z"
            fill="currentColor"
            stroke="currentColor"
          />
          <path
            d="M7 6.6 3.9 15h1.7l.6-1.8h1.7l.6 1.8h1.6Zm-.4 5.2L7 9.9l.5 1.9Z"
            fill="var(--mui-palette-background-paper)"
          />
          <path d="M18.5 3.5h7l3 3v11l-3 3h-7l-3-3v-11Z" fill="none" stroke="currentColor" strokeWidth="1.2" />
          <path d="m18.6 12.2 2.5 2.6 4.5-5.6" fill="none" stroke="currentColor" strokeWidth="1.7" />
          <ellipse cx="37" cy="12" rx="5.6" ry="8.5" fill="none" stroke="currentColor" strokeWidth="1.2" />
          <path d="M37 7.5v9M34.2 10l5.6 4M39.8 10l-5.6 4" stroke="currentColor" strokeWidth="1.1" />
        </svg>
        <span style={{ fontSize: '0.75rem', fontWeight: 620, letterSpacing: '0.02em' }}>{label}</span>
      </ButtonBase>
    </Tooltip>
  )
}
