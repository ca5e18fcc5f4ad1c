import { type ChildProcess, fork } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'electron-vite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import config from '../../electron.vite.config.ts'
import { eventually } from '../support/eventually.ts'

const root = resolve(import.meta.dirname, '../..')
const page = 'app://console/index.html'

/** The shell as it is built for release, run on the double. */
describe('the built desktop shell', () => {
  let out: string
  let shell: ChildProcess
  let reports: Record<string, unknown>[]
  let nextId: number

  beforeAll(async () => {
    // Inside the tree, so that what the bundle leaves outside is found in node_modules.
    await mkdir(join(root, 'out'), { recursive: true })
    out = await mkdtemp(join(root, 'out/shell-test-'))
    const { main, preload } = config
    if (!main?.build || !preload?.build) throw new Error('The configuration must build main and preload')
    const shellAlone = { ...main.build.rolldownOptions, input: { index: join(root, 'src/main/index.ts') } }
    const narrowed = {
      main: { ...main, build: { ...main.build, outDir: join(out, 'main'), rolldownOptions: shellAlone } },
      preload: { ...preload, build: { ...preload.build, outDir: join(out, 'preload') } },
    }
    // Both parts are plain data, which the builder reads from a file of its own.
    const configFile = join(out, 'electron.vite.config.mjs')
    await writeFile(configFile, `export default ${JSON.stringify(narrowed)}`)
    await build({ configFile, root, logLevel: 'error' })
    await mkdir(join(out, 'renderer/assets'), { recursive: true })
    await writeFile(join(out, 'renderer/index.html'), '<!doctype html><title>Assay</title>')
    await writeFile(join(out, 'renderer/assets/a.js'), 'export {}')
    await writeFile(join(out, 'secret.js'), 'secret')
  }, 120_000)
  afterAll(() => rm(out, { recursive: true, force: true }))

  const start = (environment: Record<string, string> = {}) => {
    reports = []
    nextId = 0
    shell = fork(join(out, 'main/index.js'), ['--workspace', '/tmp/somewhere', '--demo'], {
      execArgv: ['--import', join(root, 'test/support/electron-hook.ts')],
      env: { ...process.env, ASSAY_TEST_FOLDER: out, ...environment },
    })
    shell.on('message', (report) => reports.push(report as Record<string, unknown>))
  }
  const reported = (report: string) => reports.filter((each) => each.report === report)
  const untilReported = async (report: string) => {
    await eventually(() => expect(reported(report)).not.toEqual([]))
    return reported(report)[0]
  }
  const command = async <T>(name: string, input: object = {}): Promise<T> => {
    const id = nextId++
    shell.send({ id, command: name, input })
    const answer = () => reports.find((each) => each.report === 'answer' && each.id === id)
    await eventually(() => expect(answer()).toBeDefined())
    return answer()?.answer as T
  }
  const askForPort = (asked: object = {}) =>
    command<{ message: { nonce: string }; heard: string } | null>('askForPort', {
      url: page,
      message: { nonce: 'n'.repeat(16), ticket: null },
      ...asked,
    })

  beforeEach(() => start())
  afterEach(() => shell.kill('SIGKILL'))

  it('opens a window that has nothing but the page', async () => {
    const { options } = (await untilReported('window')) as { options: { webPreferences: object } }
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      preload: join(out, 'preload/index.cjs'),
    })
    expect(await untilReported('load')).toMatchObject({ url: page })
    const [{ scheme, privileges }] = (await untilReported('schemes')).schemes as {
      scheme: string
      privileges: object
    }[]
    expect(scheme).toBe('app')
    expect(privileges).not.toHaveProperty('bypassCSP')
    expect(await untilReported('fork')).toMatchObject({
      path: join(out, 'main/utility.js'),
      args: ['--workspace', '/tmp/somewhere', '--demo'],
    })
  })

  it('serves the page under its policy, and nothing outside it', async () => {
    await untilReported('load')
    type Answer = { status: number; headers: Record<string, string>; body: string }
    const request = (url: string, method?: string) => command<Answer>('request', { url, method })
    const index = await request(page)
    expect(index).toMatchObject({ status: 200, body: expect.stringContaining('Assay') })
    expect(index.headers['content-security-policy']).toContain("default-src 'none'")
    expect(index.headers['content-type']).toContain('text/html')
    expect(await request('app://console/assets/a.js')).toMatchObject({ status: 200 })
    for (const path of [
      '../secret.js',
      '%2e%2e/secret.js',
      '..%2fsecret.js',
      'assets/..%2f..%2fsecret.js',
      '%252e%252e/secret.js',
      '..%5csecret.js',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      `${out}/secret.js`,
    ]) {
      const answer = await request(`app://console/${path}`)
      expect(answer.status, path).toBe(404)
      expect(answer.headers['content-security-policy'], path).toBeDefined()
    }
    expect(await request('app://other/index.html')).toMatchObject({ status: 404 })
    expect(await request(page, 'POST')).toMatchObject({ status: 405 })
  })

  it('grants nothing, goes nowhere and opens nothing', async () => {
    await untilReported('load')
    expect(await command('permissions')).toEqual([false, false, false])
    for (const url of [
      'https://evil.example/',
      'file:///etc/passwd',
      'app://console.evil/',
      'javascript:1',
      'about:blank',
    ]) {
      expect(await command('navigate', { url }), url).toBe(true)
      expect(await command('openWindow', { url }), url).toEqual({ action: 'deny' })
    }
    expect(await command('navigate', { url: page })).toBe(false)
    expect(await command('redirect', { url: page })).toBe(true)
    expect(await command('attachWebview')).toBe(true)
  })

  it('saves what the page made, where the person says, and downloads nothing', async () => {
    await untilReported('load')
    const own = await command('download', { url: 'blob:app://console/1-2', name: '../../x:y.html' })
    expect(own).toEqual({ isPrevented: false, saved: { title: 'Save', defaultPath: '.._.._x_y.html' } })
    expect(await command('download', { url: 'https://evil.example/x', name: 'x' })).toMatchObject({ isPrevented: true })
  })

  it('hands a fresh pair of ports to page and service at each load, and keeps the session over a reload', async () => {
    await untilReported('load')
    const early = askForPort()
    await command('fromService', { message: { type: 'ready' } })
    expect(await early).toMatchObject({ message: { nonce: 'n'.repeat(16) }, heard: 'service heard hello' })
    expect(await askForPort({ message: { nonce: 'm'.repeat(16), ticket: 'ticket' } })).toMatchObject({
      message: { nonce: 'm'.repeat(16) },
      heard: 'service heard hello',
    })
    await command('fromService', { message: { type: 'session', windowId: 1, sessionToken: 'token' } })
    await askForPort()
    expect(reported('to-service')).toMatchObject([
      { ports: 1, message: { type: 'open-port', windowId: 1, ticket: null, sessionToken: null } },
      { ports: 1, message: { ticket: 'ticket', sessionToken: null } },
      { ports: 1, message: { ticket: null, sessionToken: 'token' } },
    ])
  })

  it('gives no port to another page, a frame, another window, or a wrong message', async () => {
    await untilReported('load')
    await command('fromService', { message: { type: 'ready' } })
    const tries = [
      { url: 'https://evil.example/' },
      { url: 'app://console.evil/index.html' },
      { isFramed: true },
      { senderId: 2 },
      { message: { nonce: 'short', ticket: null } },
      { message: { nonce: 'n'.repeat(16), ticket: null, more: 1 } },
      { message: 'n'.repeat(16) },
    ]
    expect(await Promise.all(tries.map(askForPort))).toEqual(tries.map(() => null))
    expect(reported('to-service')).toEqual([])
  })

  it('keeps secrets with the desktop key, and refuses one that protects nothing', async () => {
    await untilReported('load')
    const secret = (operation: string, value: string) =>
      command('fromService', { message: { type: 'secret', id: 1, operation, value } })
    await secret('encrypt', 'abc')
    await secret('decrypt', Buffer.from('ABC').toString('base64'))
    await eventually(() => expect(reported('to-service')).toHaveLength(2))
    expect(reported('to-service').map(({ message }) => (message as { value: string }).value)).toEqual([
      Buffer.from('ABC').toString('base64'),
      'abc',
    ])
    shell.kill('SIGKILL')
    start({ ASSAY_TEST_KEYRING: 'basic_text' })
    await untilReported('load')
    await secret('encrypt', 'abc')
    const { message } = (await untilReported('to-service')) as { message: { value: null; problem: string } }
    expect(message.value).toBeNull()
    if (process.platform === 'linux') expect(message.problem).toContain('no keyring')
  })

  it('shows notifications, and starts a service that crashed again, but not for ever', async () => {
    await untilReported('load')
    await command('fromService', { message: { type: 'ready' } })
    const notify = { type: 'notify', title: 'Drift', body: 'cat-dog', path: '/alerts' }
    await command('fromService', { message: notify })
    expect(await untilReported('notification')).toMatchObject({ options: { title: 'Drift', body: 'cat-dog' } })
    for (let crash = 1; crash <= 3; crash++) {
      await command('crash')
      expect(reported('fork')).toHaveLength(1 + crash)
    }
    shell.send({ id: 99, command: 'crash', input: {} })
    expect(await untilReported('error-box')).toMatchObject({ text: expect.stringContaining('again and again') })
    expect(await untilReported('exit')).toMatchObject({ code: 1 })
  })

  it('ends the service before it ends itself', async () => {
    await untilReported('load')
    shell.send({ id: 1, command: 'quit', input: {} })
    expect(await untilReported('exit')).toMatchObject({ code: 0 })
    expect(reported('to-service')).toMatchObject([{ message: { type: 'close' } }])
    expect(reported('kill')).toEqual([])
  })

  it('does nothing but leave when another instance has the workspace', async () => {
    shell.kill('SIGKILL')
    start({ ASSAY_TEST_SECOND: 'yes' })
    expect(await untilReported('exit')).toMatchObject({ code: 0 })
    expect(reported('window')).toEqual([])
  })
})
