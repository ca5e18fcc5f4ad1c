import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import ButtonBase from '@mui/material/ButtonBase'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import { useId, useState } from 'react'
import { usePicture } from '../../../data/stored-file.ts'
import { Picture } from '../../../widgets/Picture.tsx'

export type PictureViewProps = { digest: string | null; alt: string; size: number }

/** A picture that opens large on a click or Enter; Escape closes it, + and - change its size. */
export function PictureView({ digest, alt, size }: PictureViewProps) {
  const [isOpen, setOpen] = useState(false)
  const picture = usePicture(digest)
  if (picture.data === undefined) return <Picture digest={digest} alt={alt} size={size} />
  return (
    <>
      <ButtonBase aria-haspopup="dialog" aria-label={`Enlarge ${alt}`} onClick={() => setOpen(true)} focusRipple>
        <Picture digest={digest} alt={alt} size={size} />
      </ButtonBase>
      {isOpen && <LargePicture source={picture.data} alt={alt} onClose={() => setOpen(false)} />}
    </>
  )
}

const zooms = [1, 2, 4, 8]

function LargePicture({ source, alt, onClose }: { source: string; alt: string; onClose: () => void }) {
  const titleId = useId()
  const [zoom, setZoom] = useState(0)
  const [pixels, setPixels] = useState<{ width: number; height: number } | null>(null)
  const change = (by: number) => setZoom((now) => Math.max(0, Math.min(zooms.length - 1, now + by)))
  // A frame of a few pixels is of no use at its own size.
  const base = pixels === null ? null : Math.max(1, Math.floor(480 / Math.max(pixels.width, pixels.height)))
  return (
    <Dialog
      open
      onClose={onClose}
      maxWidth="lg"
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        // What lies below is not meant by these keys.
        if (event.key !== 'Tab' && event.key !== 'Escape') event.stopPropagation()
        if (event.key === '+' || event.key === '=') change(1)
        if (event.key === '-') change(-1)
      }}
    >
      <DialogTitle id={titleId}>{alt}</DialogTitle>
      <DialogContent sx={{ display: 'grid', placeItems: 'start center', overflow: 'auto', maxHeight: '75vh' }}>
        <Box
          component="img"
          src={source}
          alt={alt}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
            setPixels({ width: naturalWidth, height: naturalHeight })
          }
          sx={{
            imageRendering: base !== null && base * zooms[zoom] > 1 ? 'pixelated' : 'auto',
            ...(pixels === null || base === null
              ? { maxWidth: '100%' }
              : zoom === 0 && base === 1
                ? { maxWidth: '100%', maxHeight: '68vh' }
                : { width: pixels.width * base * zooms[zoom], maxWidth: 'none' }),
          }}
        />
      </DialogContent>
      <DialogActions>
        <Box sx={{ flex: 1, pl: 2, typography: 'body2', color: 'text.secondary' }}>
          {pixels !== null && `${pixels.width} × ${pixels.height} pixels`}
        </Box>
        <Button disabled={zoom === 0} onClick={() => change(-1)}>
          Smaller
        </Button>
        <Button disabled={zoom === zooms.length - 1} onClick={() => change(1)}>
          Larger
        </Button>
        <Button autoFocus onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
