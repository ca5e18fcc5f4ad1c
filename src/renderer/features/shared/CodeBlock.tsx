import Box from '@mui/material/Box'
import { CopyButton } from './CopyButton.tsx'

export type CodeBlockProps = {
  text: string
  /** What it is, for assistive technology and the copy button. */
  label: string
  maxHeight?: number
  copyable?: boolean
}

/** Text for machines: as it is, wrapped, scrolling within itself, copied by a button. */
export function CodeBlock({ text, label, maxHeight = 340, copyable = true }: CodeBlockProps) {
  return (
    <Box
      sx={{
        display: 'flex',
        alignItems: 'start',
        bgcolor: 'raised',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
      }}
    >
      <Box
        component="pre"
        // Long text must be reachable without a mouse.
        tabIndex={0}
        role="region"
        aria-label={label}
        sx={{
          flex: 1,
          minWidth: 0,
          m: 0,
          p: 1.25,
          overflow: 'auto',
          maxHeight,
          fontSize: '0.75rem',
          lineHeight: 1.5,
          whiteSpace: 'pre-wrap',
          overflowWrap: 'anywhere',
        }}
      >
        {text}
      </Box>
      {copyable && <CopyButton text={text} label={`Copy ${label}`} />}
    </Box>
  )
}
