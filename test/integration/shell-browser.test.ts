import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { build } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RpcClient } from '../../src/renderer/rpc/client.ts'
import { type HeadlessConsole, startHeadless } from '../../src/server/headless-program.ts'
import { createAuditWatch } from '../../src/service/rpc/audit-watch.ts'
import { createEventHub } from '../../src/service/rpc/event-hub.ts'
import { announceCommits } from '../../src/service/rpc/record-events.ts'
import { createSessionHandlers } from '../../src/service/session/session-handlers.ts'
import { createSessions } from '../../src/service/session/sessions.ts'
import { createUserHandlers } from '../../src/service/session/user-handlers.ts'
import { createRecordingLog, handlersWith } from '../support/rpc.ts'
import { openTestStore, type TestStore } from '../support/test-store.ts'

const executablePath = '/usr/bin/chromium'
const hasChromium = existsSync(executablePath)
if (!hasChromium) console.log(`SKIPPED: the console in a browser: there is no ${executablePath}`)

declare const client: RpcClient & { reopen(ticket?: string): Promise<void>; state(): string }
declare const violations: string[]

describe.skipIf(!hasChromium)('the console in a real browser', () => {
  let folder: string
  let browser: Browser
  let opened: TestStore
  let headless: HeadlessConsole
  let page: Page
  const log = createRecordingLog()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-browser-'))
    await build({
      configFile: false,
      root: resolve(import.meta.dirname, '../renderer/browser-page'),
      logLevel: 'error',
      base: './',
      build: { outDir: join(folder, 'page'), modulePreload: { polyfill: false } },
    })
    const quiet = [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-sync',
    ]
    const rootSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    browser = await chromium.launch({ executablePath, args: [...quiet, ...rootSwitches, '--disable-component-update'] })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function start(port = 0): Promise<void> {
    headless = await startHeadless({
      workspacePath: join(folder, 'workspace'),
      isDemo: false,
      port,
      staticRoot: join(folder, 'page'),
      workerEntry: new URL('file:///none'),
      log,
      openConsole: async () => {
        const events = createEventHub({ log })
        const audit = createAuditWatch()
        const sessions = createSessions({ now: Date.now, random: randomBytes })
        const parts = {
          records: announceCommits(audit.watch(opened.store.records), events),
          sessions,
          now: Date.now,
          newId: (prefix: string) => `${prefix}_${randomBytes(8).toString('hex')}`,
          random: randomBytes,
          productVersion: '0.1.0',
          demoAccounts: () => [],
          newSettings: (name: string) => ({
            id: 'set_workspace',
            name,
            isDemo: false,
            logOrigin: 'log',
            defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
            notifications: { desktop: true, webhookIds: [] },
            timeBounds: { maxFutureMs: 1, maxPastMs: 1 },
            createdAt: 1,
          }),
        }
        const handlers = handlersWith({ ...createSessionHandlers(parts), ...createUserHandlers(parts) })
        const ingest = async () => ({ status: 202, body: {} })
        return { handlers, events, sessions, audit, ingest, metrics: async () => '', close: async () => {} }
      },
    })
  }
  beforeEach(async () => {
    log.lines.length = 0
    opened = await openTestStore()
    await start()
    page = await (await browser.newContext()).newPage()
    await page.goto(headless.server.newLaunchUrl())
    await page.waitForFunction(() => 'client' in globalThis)
  })
  afterEach(async () => {
    await page.context().close()
    await headless.close()
    await opened.dispose()
  })

  /** Sets the workspace up in the page, which then belongs to the administrator. */
  const setUp = () =>
    page.evaluate(async () => {
      const person = { workspaceName: 'Park', login: 'ana', name: 'Ana', password: 'correct horse' }
      const { ticket } = await client.call('session.setUp', person)
      await client.reopen(ticket)
      return (await client.call('session.state', {})).user?.name
    })
  const userName = () => page.evaluate(async () => (await client.call('session.state', {})).user?.name ?? null)

  it('takes a person from the launch link to a session that survives a reload, and out again', async () => {
    expect(new URL(page.url()).search).toBe('')
    expect(await page.evaluate(() => client.call('users.list', {}).catch((error) => error.code))).toBe('signed-out')
    expect(await setUp()).toBe('Ana')
    expect(await page.evaluate('document.cookie')).toBe('')
    await page.reload()
    await page.waitForFunction(() => 'client' in globalThis)
    expect(await userName()).toBe('Ana')
    await page.evaluate(() => client.call('session.signOut', {}))
    await page.waitForFunction(() => client.state() === 'connected')
    await expect.poll(userName, { timeout: 25_000 }).toBeNull()
    expect((await opened.auditEntries()).map(({ action }) => action)).toEqual(['session.setUp', 'session.signOut'])
    expect(log.lines).toEqual([])
  })

  it('tells the page of changes, and keeps to its policy', async () => {
    await setUp()
    const kinds = await page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          client.subscribe('records.changed', (payload) => resolve(payload.kinds))
          const ben = { login: 'ben', name: 'Ben', roles: ['viewer' as const], password: 'battery staple' }
          void client.call('users.create', ben)
        }),
    )
    expect(kinds).toEqual(['user', 'audit'])
    expect(await page.evaluate(() => violations)).toEqual([])
    // The policy is really in force: a script that something else put into the page does not run.
    const wasRun = await page.evaluate(`
      const script = Object.assign(document.createElement('script'), { textContent: 'globalThis.wasRun = true' })
      document.head.append(script)
      'wasRun' in globalThis
    `)
    expect(wasRun).toBe(false)
    await expect.poll(() => page.evaluate(() => violations), { timeout: 25_000 }).toEqual(['script-src-elem'])
  })

  it('comes back by itself when the console does', async () => {
    const { port } = headless.server
    await headless.close()
    await page.waitForFunction(() => client.state() === 'lost')
    await start(port)
    // A restart forgets who had launched: the page waits until it is let in again.
    const other = await page.context().newPage()
    await other.goto(headless.server.newLaunchUrl())
    await page.waitForFunction(() => client.state() === 'connected')
    expect(await userName()).toBeNull()
  })
})
