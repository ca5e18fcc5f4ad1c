import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import type { BlobKind } from '../../../../contract/blob.ts'
import type { LabelledSample } from '../../../../contract/sample.ts'
import { useStoredFile } from '../../../data/stored-file.ts'
import { formatCount, formatNumber } from '../../../widgets/format.ts'
import { AudioView } from './AudioView.tsx'
import { embeddingIn, placeIn, waveOf } from './blob-values.ts'
import { PictureView } from './PictureView.tsx'

export type BlobViewProps = {
  sample: Pick<LabelledSample, 'id' | 'inputs'>
  column: { readonly name: string; readonly type: BlobKind }
  /** Side of the square in which a picture stands, in pixels. */
  size: number
}

/** What a sample carries in a column of files: shown as what it is, or why it cannot be. Never as a page. */
export function BlobView({ sample, column: { name, type }, size }: BlobViewProps) {
  const { digest, reference } = placeIn(sample, name)
  const label = `${name} of sample ${sample.id}`
  if (reference !== null) return <ReferenceView name={name} address={reference} />
  switch (type) {
    case 'image':
      return <PictureView digest={digest} alt={label} size={size} />
    case 'audio':
      return <AudioView digest={digest} name={name} label={label} />
    case 'text':
      return <TextView digest={digest} name={name} label={label} />
    case 'embedding':
      return <EmbeddingView digest={digest} name={name} label={label} />
  }
}

/** Something that lies elsewhere: told, and fetched by nobody. */
function ReferenceView({ name, address }: { name: string; address: string }) {
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="h3">{name}</Typography>
      <Box component="code" sx={{ typography: 'body2', fontFamily: 'monospace', overflowWrap: 'anywhere' }}>
        {address}
      </Box>
      <Typography variant="caption" color="textSecondary" component="p">
        Only its address was sent
      </Typography>
    </Box>
  )
}

function TextView({ digest, name, label }: { digest: string | null; name: string; label: string }) {
  const file = useStoredFile(digest)
  const text = file.data === undefined ? null : new TextDecoder().decode(file.data.bytes)
  return (
    <Box component="section" aria-label={label} sx={{ minWidth: 0, flex: '1 1 320px', maxWidth: 720 }}>
      <Typography variant="h3">{name}</Typography>
      <Box
        // What scrolls must be scrolled by keys as well.
        tabIndex={0}
        sx={{
          ...{ maxHeight: 320, overflow: 'auto', p: 1.5, border: 1, borderColor: 'divider', borderRadius: 1 },
          ...{ typography: 'body2', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', bgcolor: 'raised' },
        }}
      >
        {text ?? <Absent digest={digest} problem={file.error?.message ?? null} what="text" />}
      </Box>
    </Box>
  )
}

function EmbeddingView({ digest, name, label }: { digest: string | null; name: string; label: string }) {
  const file = useStoredFile(digest)
  const values = file.data === undefined ? null : embeddingIn(file.data.bytes)
  const most = values === null ? 0 : values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
  return (
    <Box component="section" aria-label={label} sx={{ minWidth: 0, flex: '1 1 320px', maxWidth: 480 }}>
      <Typography variant="h3">{name}</Typography>
      {values === null ? (
        <Absent digest={digest} problem={file.error?.message ?? null} what="embedding" />
      ) : (
        <>
          <Box
            component="svg"
            viewBox="0 0 480 48"
            preserveAspectRatio="none"
            role="img"
            aria-label={`${label}: ${formatCount(values.length)} numbers, at most ${formatNumber(most)} from zero`}
            sx={{ width: '100%', height: 48, color: 'primary.main' }}
          >
            <path d={waveOf(values, 480, 48, most)} stroke="currentColor" strokeWidth="1" fill="none" />
          </Box>
          <Typography variant="caption" color="textSecondary">
            {`${formatCount(values.length)} numbers`}
          </Typography>
        </>
      )}
    </Box>
  )
}

/** While it comes, where there is none, and why there is none any more. */
export function Absent({ digest, problem, what }: { digest: string | null; problem: string | null; what: string }) {
  if (digest !== null && problem === null) return <Skeleton variant="rectangular" animation={false} height={32} />
  return (
    <Typography variant="body2" color="textSecondary" component="span">
      {digest === null ? `No ${what}` : problem}
    </Typography>
  )
}
