import { join } from 'node:path'
import type { OutputOf } from '../contract/api.ts'
import type { Caller } from '../contract/user.ts'
import { type Demo, type DemoOptions, startDemo } from '../demo/demo.ts'
import type { DemoHost } from '../demo/host.ts'
import { programFiles } from '../demo/programs/programs.ts'
import type { ConsoleService } from '../service/console-service.ts'
import type { ServiceContext } from '../service/context.ts'
import type { Monitoring } from '../service/rooms.ts'
import { callerOf, visitor } from '../service/session/sessions.ts'
import { dispatcherOf } from './headless-program.ts'

export interface DemoHostParts {
  readonly context: ServiceContext
  readonly service: ConsoleService
  readonly monitoring: Pick<Monitoring, 'backfill'>
  /** File that worker threads run: the demo's programs lie beside it where all is built. */
  readonly workerEntry: URL
  /** Lines for the person who started the console. */
  readonly announce: (sentence: string) => void
}

/** Brings the pet park to life around an open console, which it uses only through the console's own methods. */
export function openDemo(parts: DemoHostParts, options: DemoOptions): Promise<Demo> {
  const { context, service, monitoring, workerEntry, announce } = parts
  const { store, vault, log, now, workspacePath } = context
  const dispatcher = dispatcherOf(service, log)
  const { signal } = new AbortController()

  async function callerNamed(login: string | null): Promise<Caller> {
    if (login === null) return visitor
    const user = await store.records.find('user', login)
    if (user === null) throw new Error(`The demo has nobody called ${login}`)
    return callerOf(user.record)
  }

  const host: DemoHost = {
    folder: join(workspacePath, 'demo'),
    programs: programFiles(
      workerEntry.pathname.endsWith('.js')
        ? { builtEntry: workerEntry }
        : { demoFolder: new URL('../demo/', import.meta.url) },
    ),
    now,
    async call(login, method, input) {
      const caller = await callerNamed(login)
      const reply = await dispatcher.invoke(method, input, { caller, signal, connectionId: 'demo', sessionId: null })
      // The dispatcher has parsed it by the method's own schema.
      return reply as OutputOf<typeof method>
    },
    async push(token, route, items) {
      const { status, body } = await service.ingest({ token, route, body: Buffer.from(JSON.stringify(items)) })
      const refused = 'refused' in body && body.refused !== 0
      if (status !== 202 || refused)
        throw new Error(`The console refused a push: ${JSON.stringify(body).slice(0, 500)}`)
    },
    backfill: (target, window) => monitoring.backfill(target, window),
    secrets: { get: (name) => vault.get(name), put: (name, value) => vault.put(name, value) },
    announce,
    problem: (sentence) => log.warn({ from: 'demo' }, sentence),
  }
  return startDemo(host, options)
}

/**
 * How the demo is to run, from the environment: `ASSAY_DEMO_DAYS` of history (30), `ASSAY_DEMO_SCHEDULE=off` so that nothing
 * happens by itself, `ASSAY_DEMO_SPEED` of the story (2880: a day in half a
 * minute).
 */
export function demoOptionsOf(environment: Readonly<Record<string, string | undefined>>): DemoOptions {
  const numberOf = (name: string, low: number, high: number) => {
    const text = environment[name]
    if (text === undefined || text === '') return undefined
    const value = Number(text)
    if (!Number.isInteger(value) || value < low || value > high)
      throw new Error(`${name} is ${text}; expected a whole number from ${low} to ${high}`)
    return value
  }
  return {
    days: numberOf('ASSAY_DEMO_DAYS', 1, 90),
    speed: numberOf('ASSAY_DEMO_SPEED', 60, 5760),
    isScheduled: environment.ASSAY_DEMO_SCHEDULE !== 'off',
  }
}
