import CheckOutlined from '@mui/icons-material/CheckOutlined'
import ContentCopyOutlined from '@mui/icons-material/ContentCopyOutlined'
import Box from '@mui/material/Box'
import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import { useState } from 'react'
import { shortenDigest } from './format.ts'

export type DigestProps = {
  digest: string
  /** What it is the digest of, for the button's name. */
  label?: string
}

/** A shortened hash, whole on hover, copied by a button. */
export function Digest({ digest, label = 'digest' }: DigestProps) {
  const [copied, setCopied] = useState(false)
  const copy = () =>
    navigator.clipboard.writeText(digest).then(
      () => setCopied(true),
      () => setCopied(false),
    )
  return (
    <Box component="span" sx={{ display: 'inline-flex', alignItems: 'center', whiteSpace: 'nowrap' }}>
      <code title={digest}>{shortenDigest(digest)}</code>
      <Tooltip title={copied ? 'Copied' : 'Copy'} onClose={() => setCopied(false)}>
        <IconButton aria-label={`Copy ${label}`} onClick={copy} sx={{ p: 0.5, ml: 0.25 }}>
          {copied ? <CheckOutlined sx={{ fontSize: 14 }} /> : <ContentCopyOutlined sx={{ fontSize: 14 }} />}
        </IconButton>
      </Tooltip>
    </Box>
  )
}
