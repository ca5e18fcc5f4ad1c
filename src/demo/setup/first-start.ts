import type { PreparedModels } from '../history/prepare.ts'
import type { DemoHost } from '../host.ts'
import type { FromPrepare } from '../programs/prepare-messages.ts'
import { endProgram, startProgram } from '../programs/programs.ts'
import type { ParkConnections } from './connections.ts'
import { ensureDeployments, ensureDevice } from './deployments.ts'
import { makeFirstRelease } from './first-release.ts'
import { type FirstStartMark, readMark, writeMark } from './first-start-mark.ts'
import { registerModels } from './models.ts'
import { tuneMonitoring, watchLive } from './monitors.ts'
import { notifyPager } from './notifications.ts'
import { makePeople } from './people.ts'
import { ensureHistoryToken, pushDay } from './push-history.ts'

const DAY_MS = 86_400_000

/** Sequence numbers that the live camera goes on from. */
export type NextNumbers = NonNullable<FirstStartMark['next']>

/**
 * Makes the workspace of the demo: people, models, connections, a month of history with its answers, and the first certified
 * release. Every step finds what an interrupted start has made already. `connect` is called once the models are there.
 */
export async function makeFirstStart(
  host: DemoHost,
  options: { readonly days: number; readonly connect: () => Promise<ParkConnections> },
): Promise<NextNumbers> {
  const beganAt = host.now()
  const seconds = () => `${Math.round((host.now() - beganAt) / 1000)} s`
  const mark: FirstStartMark = (await readMark(host.folder)) ?? {
    startedAt: beganAt,
    days: options.days,
    isAnswered: false,
    next: null,
  }
  await writeMark(host.folder, mark)
  const { startedAt, days } = mark
  host.announce(`Setting the pet park up: ${days} days of history, once, in about a minute …`)
  const past = preparePast(host, startedAt, days)
  try {
    await makePeople(host)
    const models = await registerModels(host, await past.models)
    const connections = await options.connect()
    await notifyPager(host, connections.pager)
    const device = await ensureDevice(host)
    const deployments = await ensureDeployments(host, models, connections, device)
    const watched = { deployment: deployments.production, device }
    await tuneMonitoring(host, watched)
    const token = await ensureHistoryToken(host)
    for await (const { path, day } of past.days) {
      await pushDay(host, token, path)
      if ((day + 1) % 10 === 0 && day + 1 < days) {
        host.announce(`  ${day + 1} of ${days} days drawn and taken in (${seconds()})`)
      }
    }
    const next = await past.done
    if (!mark.isAnswered) {
      const window = { from: startedAt - days * DAY_MS, to: startedAt }
      host.announce(`  asking what each day was like (${seconds()})`)
      const answers =
        (await host.backfill({ type: 'deployment', id: deployments.production.id }, window)) +
        (await host.backfill({ type: 'device', id: device.id }, window))
      await writeMark(host.folder, { ...mark, isAnswered: true })
      host.announce(`  ${answers} answers; testing, certifying and releasing the first version (${seconds()})`)
    }
    await makeFirstRelease(host, models, deployments, connections)
    await watchLive(host, watched)
    await writeMark(host.folder, { ...mark, isAnswered: true, next })
    host.announce(`The pet park is ready (${seconds()})`)
    return next
  } finally {
    await past.end()
  }
}

interface Past {
  readonly models: Promise<PreparedModels>
  readonly days: AsyncIterable<{ readonly path: string; readonly day: number }>
  readonly done: Promise<NextNumbers>
  end(): Promise<void>
}

/** The past is made by a program of its own, so that the console stays free to take it in meanwhile. */
function preparePast(host: DemoHost, now: number, days: number): Past {
  const child = startProgram(
    host.programs.prepare,
    ['--folder', host.folder, '--now', String(now), '--days', String(days)],
    { output: 'inherit' },
  )
  const models = Promise.withResolvers<PreparedModels>()
  const done = Promise.withResolvers<NextNumbers>()
  const drawn: { path: string; day: number }[] = []
  let wake = Promise.withResolvers<void>()
  let isOver = false
  const over = (settle: () => void) => {
    isOver = true
    settle()
    wake.resolve()
  }
  const fail = (message: string) => {
    const error = new Error(`the past of the pet park could not be made: ${message}`)
    over(() => {
      models.reject(error)
      done.reject(error)
    })
  }
  // Whoever waits for one of them is told; nobody may be left with a rejection that no one asked about.
  models.promise.catch(() => {})
  done.promise.catch(() => {})
  child.on('message', (raw) => {
    const message = raw as FromPrepare
    if (message.type === 'models') models.resolve(message.models)
    else if (message.type === 'day') {
      drawn.push({ path: message.path, day: message.day })
      wake.resolve()
    } else if (message.type === 'done') {
      const { sampleSeq, telemetrySeq } = message
      over(() => done.resolve({ sampleSeq, telemetrySeq }))
    } else if (message.type === 'failed') fail(message.message)
  })
  child.on('exit', (code) => {
    if (!isOver) fail(`the program ended with code ${code}`)
  })

  async function* drawnDays() {
    for (;;) {
      for (let next = drawn.shift(); next !== undefined; next = drawn.shift()) yield next
      if (isOver) return
      await wake.promise
      wake = Promise.withResolvers<void>()
    }
  }
  return { models: models.promise, days: drawnDays(), done: done.promise, end: () => endProgram(child) }
}
