import { existsSync, statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { ParquetAnswer, ParquetOrder } from './parquet-thread.ts'
import { FileFault, type Tabular } from './tabular.ts'

/** How long and in how much memory one Parquet file may be read. */
export interface ParquetLimits {
  readonly timeoutMs: number
  readonly maxHeapMegabytes: number
}

const minute = 60_000
const megabyte = 1024 ** 2
/** Between looks at the memory. */
const watchMs = 50

/** Half a minute, and two seconds for every MiB: ten times what a sound file takes; at most ten minutes. */
export const parquetLimits = (byteLength: number): ParquetLimits => ({
  timeoutMs: Math.min(10 * minute, minute / 2 + 2000 * (byteLength / 1024 ** 2)),
  maxHeapMegabytes: 4096,
})

/** Beside this file as source; built, the entry lies in the folder of the programs and this file there or in its folder of chunks. */
function findEntry(): URL {
  const places = import.meta.url.endsWith('.ts')
    ? ['./parquet-thread.ts']
    : ['./parquet-thread.js', '../parquet-thread.js']
  const entry = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url))
  if (entry === undefined) throw new Error('the program that reads Parquet files is missing: build again')
  return entry
}

/**
 * Reads a Parquet file in a thread of its own, which is ended when it takes longer or more memory than `limits`, so that a damaged or
 * hostile file holds up nobody. Throws `FileFault` that says what is wrong with the file. `memoryNow` gives the bytes in use by the
 * whole process: texts that repeat the beginning of the one before can make gigabytes of a few pages, which lie outside of the heap
 * that a thread is limited to.
 */
export function readParquetApart(
  order: ParquetOrder,
  limits?: ParquetLimits,
  memoryNow: () => number = process.memoryUsage.rss,
): Promise<Tabular> {
  const byteLength = 'path' in order ? statSync(order.path).size : order.bytes.byteLength
  const { timeoutMs, maxHeapMegabytes } = limits ?? parquetLimits(byteLength)
  const most = memoryNow() + maxHeapMegabytes * megabyte + byteLength
  const tooLarge = () =>
    new FileFault(`the Parquet file needs more than ${maxHeapMegabytes} MB to be read: it is damaged or too large`)
  const worker = new Worker(findEntry(), {
    workerData: order,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
  })
  return new Promise<Tabular>((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          new FileFault(
            `reading the Parquet file was ended after ${Math.round(timeoutMs / 1000)} s: it is damaged or too large`,
          ),
        ),
      timeoutMs,
    )
    worker.once('message', (answer: ParquetAnswer) => {
      if ('tabular' in answer) resolve(answer.tabular)
      else reject(new FileFault(answer.fault))
    })
    worker.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLarge() : error),
    )
    const watch = setInterval(() => {
      if (memoryNow() > most) reject(tooLarge())
    }, watchMs)
    worker.once('exit', () => clearInterval(watch))
    worker.once('exit', (code) => reject(new Error(`the thread that read the Parquet file ended with code ${code}`)))
    worker.once('exit', () => clearTimeout(timer))
  }).finally(() => worker.terminate())
}
