import { createDeployRoutes } from '../deploy/deploy-service.ts'
import { createWebhookRoutes } from '../deploy/webhook-receiver.ts'
import { startJsonService } from '../http/json-service.ts'
import { PRODUCTION_KEY, RELEASED_VERSION, TEST_KEY } from '../park/names.ts'
import { openArchive } from '../pipeline/archive.ts'
import { startArchivist } from '../pipeline/archivist.ts'
import { parkFolders } from '../pipeline/folders.ts'
import { createPipelineService } from '../pipeline/pipeline-service.ts'
import { openRegistry, type Registry } from '../pipeline/registry.ts'
import { writeAddresses } from '../programs/addresses.ts'
import { BROKER_USER, type ParkSecrets, type ParkUrls } from '../programs/messages.ts'
import { type ParkState, readState, writeState } from '../programs/state.ts'
import { startBox } from './box.ts'
import { startBroker } from './broker.ts'
import { startCamera } from './camera.ts'
import { createControlRoutes } from './control.ts'
import { runInferenceServer } from './inference-server.ts'
import { startKeeper } from './keeper.ts'
import { connectPublisher } from './publisher.ts'
import { createSchedule } from './schedule.ts'
import { createTimeLapse, DEFAULT_SPEED, newTimeLapseState, type StoryEvent } from './time-lapse.ts'

const TICK_MS = 1000
/** After a stop the story goes on a little later than it was saved: no visit is shown twice. */
const SKIP_MS = 2 * 3_600_000

export interface ParkOptions {
  readonly folder: string
  readonly secrets: ParkSecrets
  readonly programs: { readonly inference: URL; readonly retrain: URL }
  readonly now: () => number
  readonly onProblem: (sentence: string) => void
}

export interface Opening {
  readonly firstSampleSeq: number
  readonly firstTelemetrySeq: number
  /** Whether night, knock and new breeds come by themselves. */
  readonly isScheduled: boolean
  readonly speed: number
}

export interface Park {
  readonly urls: ParkUrls
  /** Wakes camera, box, keeper and the pipeline's archivist. */
  open(opening: Opening): Promise<void>
  trigger(event: StoryEvent): void
  close(): Promise<void>
}

const portOf = (url: string) => Number(new URL(url).port)

/** Starts everything of the park but the camera, which waits for `open`. */
export async function startPark(options: ParkOptions): Promise<Park> {
  const { folder, secrets, programs, now, onProblem } = options
  const folders = parkFolders(folder)
  let state: ParkState = await readState(folders.state)
  const registry = await openRegistry(folders.artifacts)
  const closers: (() => Promise<void> | void)[] = []
  const account = { username: BROKER_USER, password: secrets.brokerPassword }
  const broker = await startBroker({ ...account, port: state.ports.broker })
  closers.push(() => broker.close())

  const serve = (environment: 'test' | 'production') =>
    runInferenceServer({
      program: programs.inference,
      artifactFolder: folders.artifacts,
      token: secrets.serverToken,
      port: state.ports[environment],
      artifact: () => artifactOf(registry, state.served[environment]),
      onProblem,
    })
  const [test, production] = await Promise.all([serve('test'), serve('production')])
  closers.push(
    () => test.close(),
    () => production.close(),
  )

  const timeLapse = createTimeLapse(
    state.timeLapse === null
      ? newTimeLapseState(now(), DEFAULT_SPEED)
      : { ...state.timeLapse, storyAt: state.timeLapse.storyAt + SKIP_MS, anchorAt: now() },
  )
  let schedule = createSchedule(now(), Infinity)
  let camera: ReturnType<typeof startCamera> | null = null
  let box: ReturnType<typeof startBox> | null = null
  const servers: Record<string, { environment: 'test' | 'production'; url: string }> = {
    [TEST_KEY]: { environment: 'test', url: test.url },
    [PRODUCTION_KEY]: { environment: 'production', url: production.url },
  }

  let lastSave: Promise<void> = Promise.resolve()
  const save = () => {
    state = {
      ...state,
      timeLapse: camera === null ? state.timeLapse : timeLapse.state(now()),
      sampleSeq: camera?.nextSeq() ?? state.sampleSeq,
      telemetrySeq: box?.nextSeq() ?? state.telemetrySeq,
    }
    const saved = state
    lastSave = lastSave.then(() => writeState(folders.state, saved)).catch((error) => onProblem(String(error)))
    return lastSave
  }

  const pipeline = createPipelineService({
    folder,
    program: programs.retrain,
    registry,
    token: secrets.pipelineToken,
    hmacKey: secrets.pipelineKey,
    servedVersion: () => state.served.production,
    baseUrl: () => systems.url,
    now,
  })
  const systems = await startJsonService({
    port: state.ports.systems,
    onDefect: (error) => onProblem(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    routes: [
      ...pipeline.routes,
      ...createDeployRoutes({
        registry,
        token: secrets.deployToken,
        hmacKey: secrets.deployKey,
        serverOf: (key) => servers[key] && { url: servers[key].url, token: secrets.serverToken },
        onServed(key, version) {
          state = { ...state, served: { ...state.served, [servers[key].environment]: version } }
          void save()
        },
        now,
      }),
      ...createWebhookRoutes({
        path: folders.webhooks,
        hmacKey: secrets.webhookKey,
        token: secrets.controlToken,
        now,
      }),
      ...createControlRoutes({
        timeLapse,
        schedule: { due: (at) => schedule.due(at), stop: () => schedule.stop() },
        token: secrets.controlToken,
        now,
        facts: () => ({ served: state.served, camera: camera?.counts ?? null }),
        onChange: () => void save(),
      }),
    ],
  })
  closers.push(
    () => pipeline.close(),
    () => systems.close(),
  )
  const urls = { broker: broker.url, test: test.url, production: production.url, systems: systems.url }
  state = {
    ...state,
    ports: {
      broker: portOf(broker.url),
      test: portOf(test.url),
      production: portOf(production.url),
      systems: portOf(systems.url),
    },
  }
  await save()
  await writeAddresses(folder, {
    control: { url: systems.url, token: secrets.controlToken },
    testServer: { url: test.url, token: secrets.serverToken },
  })

  async function open({ firstSampleSeq, firstTelemetrySeq, isScheduled, speed }: Opening): Promise<void> {
    const access = { url: broker.url, ...account }
    const archive = openArchive(folders.archive)
    closers.push(() => archive.close())
    const archivist = await startArchivist({ access, archive, onProblem })
    closers.push(() => archivist.close())
    const device = await connectPublisher(access, 'petpark-camera-1')
    closers.push(() => device.close())
    const keeperLine = await connectPublisher(access, 'petpark-keeper')
    closers.push(() => keeperLine.close())
    const keeper = startKeeper(keeperLine, now)
    closers.push(() => keeper.stop())

    const openedAt = state.openedAt ?? now()
    state = { ...state, openedAt }
    if (isScheduled) schedule = createSchedule(openedAt, now())
    timeLapse.setSpeed(speed, now())
    box = startBox({ timeLapse, publisher: device, now, firstSeq: Math.max(firstTelemetrySeq, state.telemetrySeq) })
    camera = startCamera({
      timeLapse,
      endpointUrl: () => production.url,
      publisher: device,
      now,
      firstSeq: Math.max(firstSampleSeq, state.sampleSeq),
      onSeen: (visit) => keeper.take(visit),
      onProblem,
    })
    const opened = { camera, box }
    const timer = setInterval(() => {
      for (const event of schedule.due(now())) timeLapse.trigger(event, now())
      void save()
    }, TICK_MS)
    closers.push(
      () => opened.box.stop(),
      () => opened.camera.stop(),
      () => clearInterval(timer),
    )
  }

  return {
    urls,
    open,
    trigger: (event) => timeLapse.trigger(event, now()),
    async close() {
      // What was opened last stops first.
      for (const close of closers.splice(0).reverse()) await close()
      await save()
    },
  }
}

/** The file of a version, or of the released one where it is gone. */
async function artifactOf(registry: Registry, version: string): Promise<{ version: string; path: string }> {
  for (const name of [version, RELEASED_VERSION]) {
    const found = await registry.find(name)
    if (found) return { version: name, path: found.path }
  }
  throw new Error(`the registry has neither ${version} nor ${RELEASED_VERSION}`)
}
