import UploadFileOutlined from '@mui/icons-material/UploadFileOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { type DragEvent, useRef, useState } from 'react'
import { Digest } from './Digest.tsx'
import { formatBytes } from './format.ts'
import { Progress } from './Progress.tsx'
import { ErrorState } from './States.tsx'

export type FileFieldProps = {
  /** What is asked for: "A CSV, JSON Lines or Parquet file". */
  label: string
  /** Endings that the chooser offers, such as ".csv,.parquet". */
  accept?: string
  /** What has arrived, with the digest that the service computed. */
  file: { name: string; bytes: number; digest: string } | null
  /** Share sent, null when nothing is under way. */
  done: number | null
  problem: string | null
  onChoose: (file: File) => void
  onCancel: () => void
}

/** One file, chosen or dropped; shows how far it is sent, and then its digest. */
export function FileField(props: FileFieldProps) {
  const { label, accept, file, done, problem, onChoose, onCancel } = props
  const input = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const take = (files: FileList | null) => {
    const first = files?.item(0)
    if (first) onChoose(first)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    take(event.dataTransfer.files)
  }
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Box
        onDrop={drop}
        onDragOver={(event) => {
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={() => setIsOver(false)}
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          gap: 1.5,
          px: 2,
          py: 1.5,
          border: '1px dashed',
          borderColor: isOver ? 'primary.main' : 'divider',
          borderRadius: 1,
          typography: 'body2',
        }}
      >
        <UploadFileOutlined sx={{ fontSize: 20, color: 'text.secondary' }} />
        <Box sx={{ flex: 1, minWidth: 200 }}>
          {file === null ? (
            <Box component="span" sx={{ color: 'text.secondary' }}>
              {`${label}: choose it, or drop it here`}
            </Box>
          ) : (
            <>
              <strong>{file.name}</strong>
              {` ${formatBytes(file.bytes)}, SHA-256 `}
              <Digest digest={file.digest} label={`digest of ${file.name}`} />
            </>
          )}
        </Box>
        <Button variant="outlined" disabled={done !== null} onClick={() => input.current?.click()}>
          {file === null ? 'Choose a file' : 'Choose another'}
        </Button>
        <input
          ref={input}
          type="file"
          accept={accept}
          aria-label={label}
          hidden
          onChange={(event) => {
            take(event.target.files)
            // The same file chosen again must be heard, too.
            event.target.value = ''
          }}
        />
      </Box>
      {done !== null && <Progress label="Sending the file" done={done} onCancel={onCancel} />}
      {problem !== null && <ErrorState title="The file did not arrive" message={problem} />}
    </Box>
  )
}
