// The pet park: broker, inference servers, camera, keeper, pipeline, deploy step and pager. Started by the console over a pipe,
// and ends when the pipe closes.
import { pathToFileURL } from 'node:url'
import { type Park, startPark } from '../live/park.ts'
import { type FromPark, toPark } from './messages.ts'

const MAX_REPEATED_PROBLEMS_MS = 5000

let park: Promise<Park> | null = null
let lastProblemAt = 0

const tell = (message: FromPark) => {
  if (process.connected) process.send?.(message)
}
const sentenceOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

/** A camera without an endpoint would tell the same ten times a second. */
function onProblem(sentence: string): void {
  if (Date.now() - lastProblemAt < MAX_REPEATED_PROBLEMS_MS) return
  lastProblemAt = Date.now()
  tell({ type: 'problem', sentence })
}

async function take(raw: unknown): Promise<void> {
  const message = toPark.parse(raw)
  if (message.type === 'start') {
    const { folder, secrets, programs } = message
    const toUrl = (file: string) => (file.startsWith('file:') ? new URL(file) : pathToFileURL(file))
    park = startPark({
      folder,
      secrets,
      programs: { inference: toUrl(programs.inference), retrain: toUrl(programs.retrain) },
      now: Date.now,
      onProblem,
    })
    tell({ type: 'started', urls: (await park).urls })
    return
  }
  if (park === null) throw new Error('the park has not been started')
  if (message.type === 'open') {
    const { type: _, ...opening } = message
    await (await park).open(opening)
    tell({ type: 'opened' })
  } else (await park).trigger(message.event)
}

async function end(): Promise<void> {
  await (await park?.catch(() => null))?.close()
  process.exit(0)
}

process.on('message', (message) => {
  take(message).catch((error) => tell({ type: 'failed', message: sentenceOf(error) }))
})
process.once('disconnect', () => void end())
// Ctrl+C reaches every program of the terminal; the console decides when the park ends.
process.on('SIGINT', () => {})
process.once('SIGTERM', () => void end())
