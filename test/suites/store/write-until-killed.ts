/**
 * Program of the durability test: appends batches without end and says on standard output, after each, how many samples
 * were acknowledged.
 */
import { makeProfileFold } from '../../../src/analysis/profile/fold.ts'
import { openSqliteStore } from '../../../src/store/sqlite/open.ts'
import { batch, label, sample, start } from './store-data.ts'

const [path, from, batches] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])]
try {
  const store = await openSqliteStore({ path, fold: makeProfileFold() })
  for (let count = 0, next = from; count < batches; count += 1, next += 200) {
    const samples = Array.from({ length: 200 }, (_, offset) => ({
      sample: sample(next + offset),
      label: offset % 10 === 0 ? label(next + offset, 'cat') : null,
    }))
    const telemetry = Array.from({ length: 200 }, (_, offset) => ({
      deviceId: 'dev_1',
      channel: 'temperature',
      at: start + (next + offset) * 10,
      value: offset,
    }))
    await store.samples.append(batch({ samples, telemetry }))
    process.stdout.write(`${next + 200}\n`)
    if (count % 10 === 9) await store.samples.seal({ olderThan: start + next * 500, maxRows: 2000 })
  }
  process.stdout.write('done\n')
} catch (error) {
  process.stdout.write(`failed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 3
}
