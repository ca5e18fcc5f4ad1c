import { InferenceSession, Tensor } from 'onnxruntime-node'
import { indexOfLargest } from '../model/network.ts'
import { describeOnnx, type OnnxDescription } from '../model/onnx-metadata.ts'
import { OUTPUT_NAME } from '../model/onnx-writer.ts'

/** A loaded ONNX classifier. */
export interface Classifier {
  version: string
  description: OnnxDescription
  /** Runs `rows` inputs laid out one after another; probabilities are rows x classes. */
  run(values: Float64Array, rows: number): Promise<{ probabilities: Float32Array; labels: string[] }>
  /** Lets go of the session once the runs under way have ended. */
  retire(): void
}

/**
 * Loads an ONNX classifier and tries it once, so that a file that loads but cannot run never goes into service.
 * Rejects with one clear sentence.
 */
export async function loadClassifier(bytes: Uint8Array, version: string): Promise<Classifier> {
  const description = describeOnnx(bytes)
  let session: InferenceSession
  try {
    session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 })
  } catch (error) {
    throw new Error(`the artifact is not a usable ONNX model: ${firstLine(error)}`)
  }
  const { inputName, inputs, isDouble, classes } = description
  let running = 0
  let isRetired = false
  const releaseWhenIdle = () => {
    if (isRetired && running === 0) void session.release()
  }
  const classifier: Classifier = {
    version,
    description,
    async run(values, rows) {
      const tensor = isDouble
        ? new Tensor('float64', values, [rows, inputs])
        : new Tensor('float32', Float32Array.from(values), [rows, inputs])
      running += 1
      try {
        const output = (await session.run({ [inputName]: tensor }))[OUTPUT_NAME]
        const data = output.data as Float32Array | Float64Array
        const labels = Array.from(
          { length: rows },
          (_, row) => classes[indexOfLargest(data, row * classes.length, classes.length)],
        )
        return { probabilities: Float32Array.from(data), labels }
      } finally {
        running -= 1
        releaseWhenIdle()
      }
    },
    retire() {
      isRetired = true
      releaseWhenIdle()
    },
  }
  try {
    const { probabilities } = await classifier.run(new Float64Array(inputs), 1)
    if (probabilities.length !== classes.length) {
      throw new Error(`it names ${classes.length} classes but returns ${probabilities.length} probabilities`)
    }
  } catch (error) {
    classifier.retire()
    throw new Error(`the artifact does not run: ${firstLine(error)}`)
  }
  return classifier
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]
}
