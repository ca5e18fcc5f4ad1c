import Box from '@mui/material/Box'
import Skeleton from '@mui/material/Skeleton'
import { usePicture } from '../data/stored-file.ts'

export type PictureProps = {
  /** Digest of a stored PNG or JPEG. */
  digest: string | null
  /** What it shows, for those who do not see it. */
  alt: string
  /** Side of the square it stands in, in pixels. */
  size: number
}

/** A stored picture by its digest, fitted into a square; small frames keep their pixels. */
export function Picture({ digest, alt, size }: PictureProps) {
  const picture = usePicture(digest)
  const square = { width: size, height: size, flex: 'none', display: 'block' } as const
  if (digest === null || picture.error !== null) {
    return (
      <Box
        role="img"
        aria-label={digest === null ? `${alt}: none` : `${alt}: ${picture.error?.message ?? 'not readable'}`}
        title={digest === null ? 'No picture' : picture.error?.message}
        sx={{
          ...square,
          display: 'grid',
          placeContent: 'center',
          border: '1px dashed',
          borderColor: 'divider',
          color: 'text.secondary',
          fontSize: Math.min(13, size / 3),
        }}
      >
        {size >= 64 ? (digest === null ? 'no picture' : 'not readable') : '–'}
      </Box>
    )
  }
  if (picture.data === undefined) {
    return <Skeleton variant="rectangular" animation={false} width={size} height={size} sx={{ flex: 'none' }} />
  }
  return (
    <Box
      component="img"
      src={picture.data}
      alt={alt}
      sx={{ ...square, objectFit: 'contain', bgcolor: 'raised', imageRendering: 'pixelated' }}
    />
  )
}
