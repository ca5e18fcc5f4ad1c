import Button from '@mui/material/Button'
import { useState } from 'react'

/** Puts a text on the clipboard and says whether that worked. */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [said, setSaid] = useState<string | null>(null)
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('Could not copy'),
    )
  return (
    <Button
      onClick={copy}
      onBlur={() => setSaid(null)}
      aria-label={said === null ? label : `${label}: ${said}`}
      sx={{ flex: 'none' }}
    >
      <span aria-live="polite">{said ?? 'Copy'}</span>
    </Button>
  )
}
