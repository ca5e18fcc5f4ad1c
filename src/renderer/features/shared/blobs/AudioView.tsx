import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { toBase64, useStoredFile } from '../../../data/stored-file.ts'
import { formatNumber } from '../../../widgets/format.ts'
import { Absent } from './BlobView.tsx'
import { waveOf } from './blob-values.ts'

export type AudioViewProps = { digest: string | null; name: string; label: string }

/** A recording to be heard, with its wave: full scale reaches the edges, so that clipping is seen. */
export function AudioView({ digest, name, label }: AudioViewProps) {
  const file = useStoredFile(digest)
  const { data } = file
  const isAudio = data?.mediaType === 'audio/wav'
  const source = useMemo(
    () => (data !== undefined && isAudio ? `data:audio/wav;base64,${toBase64(data.bytes)}` : null),
    [data, isAudio],
  )
  const wave = useQuery({
    queryKey: ['wave', digest],
    queryFn: () => decodeFirstChannel(data?.bytes ?? new Uint8Array()),
    enabled: source !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const problem = file.error?.message ?? (data !== undefined && !isAudio ? 'This is no recording' : null)
  return (
    <Box component="section" aria-label={label} sx={{ minWidth: 0, flex: '1 1 320px', maxWidth: 560 }}>
      <Typography variant="h3">{name}</Typography>
      {source === null ? (
        <Absent digest={digest} problem={problem} what="recording" />
      ) : (
        <Box sx={{ display: 'grid', gap: 1 }}>
          {/* What a microphone took has no captions. */}
          <audio controls preload="metadata" src={source} aria-label={label} style={{ width: '100%' }}>
            <track kind="captions" />
          </audio>
          {wave.data !== undefined && (
            <Box
              component="svg"
              viewBox="0 0 560 64"
              preserveAspectRatio="none"
              role="img"
              aria-label={`Wave of ${label}, ${formatNumber(wave.data.seconds, 3)} s`}
              sx={{ width: '100%', height: 64, color: 'primary.main', bgcolor: 'raised' }}
            >
              <path d={waveOf(wave.data.samples, 560, 64, 1)} stroke="currentColor" strokeWidth="1" fill="none" />
            </Box>
          )}
          {wave.error !== null && (
            <Typography variant="caption" color="textSecondary">
              This recording cannot be decoded
            </Typography>
          )}
        </Box>
      )}
    </Box>
  )
}

async function decodeFirstChannel(bytes: Uint8Array<ArrayBuffer>) {
  const context = new OfflineAudioContext(1, 1, 44_100)
  // It takes the memory away from whoever else holds it.
  const buffer = await context.decodeAudioData(bytes.slice().buffer)
  return { samples: buffer.getChannelData(0), seconds: buffer.duration }
}
