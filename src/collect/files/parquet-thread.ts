// Entry of the thread in which one Parquet file is read: whoever started it ends it.
import { parentPort, workerData } from 'node:worker_threads'
import { asyncBufferFromFile } from 'hyparquet'
import { readParquet } from './read-parquet.ts'
import { FileFault, type Tabular } from './tabular.ts'

/** A path that this program chose, or the bytes. */
export type ParquetOrder = { readonly path: string } | { readonly bytes: Uint8Array }
/** A fault is an answer with a sentence, because errors lose their kind between threads. */
export type ParquetAnswer = { readonly tabular: Tabular } | { readonly fault: string }

async function answer(order: ParquetOrder): Promise<ParquetAnswer> {
  try {
    const file = 'path' in order ? await asyncBufferFromFile(order.path) : new Uint8Array(order.bytes).buffer
    return { tabular: await readParquet(file) }
  } catch (error) {
    if (error instanceof FileFault) return { fault: error.message }
    throw error
  }
}

parentPort?.postMessage(await answer(workerData))
