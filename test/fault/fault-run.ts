import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import { createRandom, type Random } from '../../src/demo/random.ts'
import { openSqliteReader } from '../../src/store/sqlite/open.ts'
import {
  brokerConfig,
  createCleanUp,
  openBroker,
  openRoomConsole,
  saveBroker,
  until,
} from '../integration/service-collection-room.ts'
import type { Broker } from '../support/mosquitto.ts'
import { expectedOf } from './messages.ts'
import { startPublisher } from './publisher.ts'
import { makeService, type Service } from './service.ts'
import { makeSmallDisk, type SmallDisk } from './small-disk.ts'

export interface FaultPlan {
  readonly messages: number
  /** Times the service is killed with SIGKILL, at random instants, while it starts too. */
  readonly kills: number
  readonly brokerRestarts: number
  /** Whether the disk is filled once, half-way, and the service killed meanwhile. */
  readonly fullDisk: boolean
  readonly seed: number
  readonly log?: (line: string) => void
}

export interface FaultReport extends Omit<FaultPlan, 'log'> {
  readonly disk: SmallDisk['kind']
  /** Messages that the broker acknowledged to the publisher. */
  readonly acknowledged: number
  readonly killsWhileStarting: number
  readonly storageProblems: number
  readonly samples: {
    readonly expected: number
    readonly stored: number
    readonly missing: number
    readonly twice: number
  }
  readonly labels: { readonly expected: number; readonly stored: number }
  readonly points: { readonly expected: number; readonly stored: number }
  /** Where the profiles differ from a recount of the samples. */
  readonly profileFaults: readonly string[]
  readonly deadLetters: readonly { readonly code: string; readonly count: number }[]
  readonly devices: number
  readonly complaints: readonly string[]
  readonly seconds: number
}

/** A client may pause for half a minute before it tries a broker again, and a busy machine is slow to start a service. */
const patienceMs = 90_000

/** Shuffled kills and restarts, with the full disk in the middle. */
function planSteps({ kills, brokerRestarts, fullDisk }: FaultPlan, random: Random) {
  const steps: ('kill' | 'restart' | 'fill')[] = [
    ...Array<'kill'>(kills).fill('kill'),
    ...Array<'restart'>(brokerRestarts).fill('restart'),
  ]
  for (let index = steps.length - 1; index > 0; index--) {
    const other = random.integer(index + 1)
    ;[steps[index], steps[other]] = [steps[other], steps[index]]
  }
  if (fullDisk) steps.splice(steps.length >> 1, 0, 'fill')
  return steps
}

/** Starts the service until it stays; it may be asked while a kill or a full disk has just ended it. */
async function keepRunning(service: Service): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    if (await service.start()) return
    await service.kill()
    await sleep(200)
  }
  throw new Error(`the service does not start:\n${service.complaints().slice(-5).join('\n')}`)
}

/** Kills the service at a random instant, one time in four while it starts, and has it run again. Returns whether it was starting. */
async function killOnce(service: Service, random: Random): Promise<boolean> {
  await sleep(random.between(0, 1500))
  await service.kill()
  const isStarting = random.next() < 0.25
  if (isStarting) {
    const started = service.start()
    await sleep(random.between(50, 900))
    await service.kill()
    await started
  }
  await keepRunning(service)
  return isStarting
}

/** Fills the disk under the running service, kills it, and lets it start (or fail to) while the disk is full. */
async function fillOnce(service: Service, disk: SmallDisk, random: Random, onFull: () => void): Promise<void> {
  const pids = () => [service.pid()].filter((pid) => pid !== null)
  const before = service.storageProblems()
  await disk.fill(pids())
  onFull()
  await until(
    async () => service.storageProblems() > before,
    'the service to say that nothing can be stored',
    patienceMs,
  )
  await sleep(random.between(500, 2500))
  if (disk.kind === 'ext4 image') {
    await service.kill()
    const started = service.start()
    await sleep(random.between(500, 2500))
    disk.free(pids())
    if (!(await started)) await keepRunning(service)
  } else disk.free(pids())
}

/** Publishes while services and brokers come and go and the disk fills, then compares what is stored with what was sent. */
export async function runFaults(plan: FaultPlan): Promise<FaultReport> {
  const { messages, kills, brokerRestarts, fullDisk, seed, log = () => {} } = plan
  const startedAt = performance.now()
  const random = createRandom(seed)
  const cleanUp = createCleanUp()
  const startAt = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 73 * 3_600_000
  try {
    const disk = makeSmallDisk(256 + Math.ceil(messages / 200))
    cleanUp.later(async () => disk.dispose())
    const workspacePath = join(disk.path, 'workspace')
    mkdirSync(workspacePath)
    const broker = await openBroker(cleanUp, { extra: ['max_queued_bytes 0'] })
    const deploymentId = await setUp(broker, workspacePath)
    const service = makeService(workspacePath)
    cleanUp.later(() => service.kill())
    await keepRunning(service)
    const steps = planSteps(plan, random)
    const publisher = startPublisher({
      url: broker.url,
      seed,
      messages,
      startAt,
      perSecond: messages / (3 * steps.length + 1),
    })
    cleanUp.later(() => publisher.close())
    let killsWhileStarting = 0
    for (const [index, step] of steps.entries()) {
      log(`${index + 1} of ${steps.length}: ${step}; ${publisher.acknowledged()} messages acknowledged by the broker`)
      const allow = () => publisher.allow(Math.ceil((messages * (index + 1)) / (steps.length + 1)))
      if (step !== 'fill') allow()
      if (step === 'kill') killsWhileStarting += Number(await killOnce(service, random))
      else if (step === 'restart') {
        await sleep(random.between(0, 1500))
        await broker.restart()
      } else await fillOnce(service, disk, random, allow)
    }
    publisher.allow(messages)
    await publisher.done
    await settle({ workspacePath, deploymentId, messages, log })
    await service.kill()
    return {
      ...{ messages, kills, brokerRestarts, fullDisk, seed, disk: disk.kind, killsWhileStarting },
      acknowledged: publisher.acknowledged(),
      storageProblems: service.storageProblems(),
      ...(await compare(workspacePath, deploymentId, messages)),
      complaints: service.complaints(),
      seconds: (performance.now() - startedAt) / 1000,
    }
  } finally {
    await cleanUp.run()
  }
}

async function setUp(broker: Broker, workspacePath: string): Promise<string> {
  const cleanUp = createCleanUp()
  const { console, deployment } = await openRoomConsole(cleanUp, { workspacePath })
  await saveBroker(console, brokerConfig(broker.url, { acceptsNewDevices: true, receiveMaximum: 500 }))
  // The session exists from here on: nothing published later can miss it.
  await until(async () => (await console.call('connections.list', {}))[0].state.phase === 'connected', 'the broker')
  await cleanUp.run()
  return deployment.record.id
}

const openReader = (path: string) => openSqliteReader({ path, fold: makeProfileFold() })

/** Waits until everything has come, or nothing more comes for a while. */
async function settle(run: {
  readonly workspacePath: string
  readonly deploymentId: string
  readonly messages: number
  readonly log: (line: string) => void
}): Promise<void> {
  const reader = await openReader(run.workspacePath)
  const expected = expectedOf(run.messages)
  try {
    let last = -1
    let changedAt = performance.now()
    while (performance.now() - changedAt < patienceMs) {
      const { samples, telemetryPoints } = await reader.facts()
      if (samples === expected.sampleIds.length && telemetryPoints === expected.points) break
      if (samples + telemetryPoints !== last) changedAt = performance.now()
      last = samples + telemetryPoints
      run.log(`${samples} samples and ${telemetryPoints} points are stored`)
      await sleep(500)
    }
    // Were anything stored twice, it would be by now.
    await sleep(1000)
  } finally {
    await reader.close()
  }
}

async function compare(workspacePath: string, deploymentId: string, messages: number) {
  const reader = await openReader(workspacePath)
  try {
    const expected = expectedOf(messages)
    const window = { from: 0, to: Date.now() }
    const { ids } = await reader.samples.table({ deploymentId, window, columns: [], withIds: true })
    const stored = new Set(ids ?? [])
    const { samples, labelled } = await reader.samples.count({ deploymentId, window })
    const { telemetryPoints } = await reader.facts()
    return {
      samples: {
        expected: expected.sampleIds.length,
        stored: samples,
        missing: expected.sampleIds.filter((id) => !stored.has(id)).length,
        twice: (ids?.length ?? 0) - stored.size,
      },
      labels: { expected: expected.labelled, stored: labelled },
      points: { expected: expected.points, stored: telemetryPoints },
      profileFaults: await reader.profiles.check(deploymentId),
      deadLetters: (await reader.intake.deadLetterCounts()).map(({ code, count }) => ({ code, count })),
      devices: (await reader.records.list('device')).length,
    }
  } finally {
    await reader.close()
  }
}

/** Everything in which a run went wrong; empty when nothing was lost and nothing counted twice. */
export function faultsIn(report: FaultReport): string[] {
  const faults: string[] = []
  const { samples, labels, points } = report
  if (report.acknowledged !== report.messages)
    faults.push(`${report.acknowledged} of ${report.messages} were acknowledged`)
  if (samples.missing > 0) faults.push(`${samples.missing} samples are missing`)
  if (samples.twice > 0 || samples.stored !== samples.expected)
    faults.push(`${samples.stored} samples are stored of ${samples.expected}, ${samples.twice} of them twice`)
  if (labels.stored !== labels.expected) faults.push(`${labels.stored} of ${labels.expected} labels`)
  if (points.stored !== points.expected) faults.push(`${points.stored} of ${points.expected} telemetry points`)
  if (report.devices !== 1) faults.push(`${report.devices} devices instead of one`)
  if (report.fullDisk && report.storageProblems === 0) faults.push('the full disk went unnoticed')
  for (const { code, count } of report.deadLetters) faults.push(`${count} dead letters (${code})`)
  return [...faults, ...report.profileFaults]
}
