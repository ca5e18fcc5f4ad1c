/** Entry of the thread that writes, in tests. */
import { parentPort, workerData } from 'node:worker_threads'
import { makeProfileFold } from '../../../src/analysis/profile/fold.ts'
import { serveWriter } from '../../../src/store/sqlite/writer/serve-writer.ts'

if (parentPort) await serveWriter(parentPort, { path: workerData, fold: makeProfileFold() })
