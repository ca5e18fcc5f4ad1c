import type { TaskParts } from '../tasks/tasks.ts'

/** One input or output of an ONNX model: null type for what is no tensor. Unknown lengths are named, or -1. */
export interface OnnxValue {
  readonly name: string
  readonly type: string | null
  readonly shape: readonly (number | string)[]
}

export type OnnxInspection =
  | { readonly isOnnx: true; readonly inputs: readonly OnnxValue[]; readonly outputs: readonly OnnxValue[] }
  | { readonly isOnnx: false; readonly problem: string }

/** Opens a stored file with the runtime, in a worker: what a hostile file does there, it does to nobody else. */
export async function inspectOnnx({ store }: TaskParts, digest: string): Promise<OnnxInspection> {
  const path = await store.blobs.path(digest)
  if (path === null) return { isOnnx: false, problem: 'the file is not stored' }
  const { InferenceSession } = await import('onnxruntime-node')
  try {
    const session = await InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
    })
    const valuesOf = (values: typeof session.inputMetadata): OnnxValue[] =>
      values.map((value) =>
        value.isTensor
          ? { name: value.name, type: value.type, shape: value.shape }
          : { name: value.name, type: null, shape: [] },
      )
    const inspection = {
      isOnnx: true,
      inputs: valuesOf(session.inputMetadata),
      outputs: valuesOf(session.outputMetadata),
    } as const
    await session.release()
    return inspection
  } catch (error) {
    // The runtime's sentence names the path of the blob, which says nothing to a person.
    const said = error instanceof Error ? error.message.replaceAll(path, 'the file') : String(error)
    return { isOnnx: false, problem: said.replace(/\s+/g, ' ').slice(0, 300) }
  }
}
