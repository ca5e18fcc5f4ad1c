import Box from '@mui/material/Box'
import type { BlobKind } from '../../../../contract/blob.ts'
import type { LabelledSample } from '../../../../contract/sample.ts'
import { useStoredFile } from '../../../data/stored-file.ts'
import { absent } from '../../../widgets/format.ts'
import { Picture } from '../../../widgets/Picture.tsx'
import { placeIn } from './blob-values.ts'

export type BlobCellProps = {
  sample: Pick<LabelledSample, 'id' | 'inputs'>
  column: { readonly name: string; readonly type: BlobKind }
}

/** What a column of files holds, in a row of a table. */
export function BlobCell({ sample, column: { name, type } }: BlobCellProps) {
  const { digest, reference } = placeIn(sample, name)
  if (reference !== null) return <Line text={reference} />
  if (type === 'image') return <Picture digest={digest} alt={`${name} of ${sample.id}`} size={36} />
  if (digest === null) return absent
  return type === 'text' ? <TextLine digest={digest} /> : <Line text={type === 'audio' ? 'recording' : 'embedding'} />
}

const Line = ({ text }: { text: string }) => (
  <Box component="span" title={text} sx={{ display: 'block', overflow: 'hidden', textOverflow: 'ellipsis' }}>
    {text}
  </Box>
)

/** The beginning of a text; the whole stands in the sample's own view. */
function TextLine({ digest }: { digest: string }) {
  const file = useStoredFile(digest)
  if (file.error !== null) return <Line text={file.error.message} />
  return <Line text={file.data === undefined ? '…' : new TextDecoder().decode(file.data.bytes.subarray(0, 200))} />
}
