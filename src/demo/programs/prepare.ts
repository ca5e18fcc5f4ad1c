// Makes the pet park's past (models, datasets, a month of samples) in a folder and tells the console, over a pipe, as it goes.
import { parseArgs } from 'node:util'
import type { Counters } from '../history/days.ts'
import { preparePark } from '../history/prepare.ts'
import type { FromPrepare } from './prepare-messages.ts'

const tell = (message: FromPrepare) => {
  if (process.connected) process.send?.(message)
}

async function main(): Promise<Counters> {
  const { values } = parseArgs({
    options: { folder: { type: 'string' }, now: { type: 'string' }, days: { type: 'string' } },
  })
  const [now, days] = [Number(values.now), Number(values.days)]
  if (!values.folder || !Number.isInteger(now) || !Number.isInteger(days) || days < 1 || days > 365) {
    throw new Error('usage: prepare --folder DIR --now MS --days N')
  }
  return preparePark({
    folder: values.folder,
    now,
    days,
    onProgress: (sentence) => tell({ type: 'progress', sentence }),
    onModels: (models) => tell({ type: 'models', models }),
    onDay: (path, day) => tell({ type: 'day', path, day }),
  })
}

/** Ends once the last message has left. */
function end(last: FromPrepare, code: number): void {
  process.send?.(last, () => process.exit(code))
}

process.once('disconnect', () => process.exit(1))
process.on('SIGINT', () => {})
main().then(
  (counters) => end({ type: 'done', ...counters }, 0),
  (error: unknown) => end({ type: 'failed', message: error instanceof Error ? error.message : String(error) }, 2),
)
