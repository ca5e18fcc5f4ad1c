import type { Version } from '../../../contract/model.ts'
import type { SampleTable } from '../../../contract/table.ts'
import type { BlobStore } from '../../../store/store.ts'
import { type OnnxModel, openOnnxModel } from '../../models/onnx/session.ts'

const isOnnx = ({ name, mediaType }: Version['artifacts'][number]) => /\.onnx$/i.test(name) || /onnx/i.test(mediaType)

/**
 * Opens the ONNX file of a version in this thread; null when it has none that takes tables (pictures among its inputs, a file
 * that does not load, inputs or outputs that are not what the schema declares: it is tried on `sample` first).
 */
export async function openOnnx(
  blobs: Pick<BlobStore, 'get'>,
  { artifacts, schema }: Version,
  sample: SampleTable,
): Promise<OnnxModel | null> {
  const artifact = artifacts.find(isOnnx)
  const bytes = artifact === undefined ? null : await blobs.get(artifact.digest)
  if (bytes === null) return null
  const model = await openOnnxModel(bytes, schema, sample)
  return typeof model === 'string' ? null : model
}
