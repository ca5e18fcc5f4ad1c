import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRecordingLog, handlersWith } from '../../test/support/rpc.ts'
import type { ServiceToShell, ShellToService } from '../contract/shell.ts'
import type { User } from '../contract/user.ts'
import { createClient } from '../renderer/rpc/client.ts'
import { createDispatcher } from '../service/rpc/dispatcher.ts'
import { createEventHub } from '../service/rpc/event-hub.ts'
import { createSessions } from '../service/session/sessions.ts'
import { type MainMessagePort, portOverMessagePort } from './ports.ts'
import { createRemoteSafeStorage, type ParentPort, serveShell } from './utility-program.ts'
import { openSafeStorageVault } from './utility-vault.ts'

const ana: User = {
  id: 'usr_1',
  login: 'ana',
  name: 'Ana',
  roles: ['operator'],
  keyId: 'a'.repeat(64),
  publicKeyPem: '',
  isDisabled: false,
  createdAt: 1,
}

/** The shell's end of the utility process. */
class Shell extends EventEmitter {
  readonly heard: ServiceToShell[] = []
  readonly parent: ParentPort = {
    postMessage: (message) => {
      this.heard.push(message)
      this.emit('heard', message)
    },
    on: (event, listener) => this.on(event, listener),
  }
  say(data: ShellToService, ports: MainMessagePort[] = []) {
    this.emit('message', { data, ports })
  }
}

/** Dresses a port of Node as Electron's: messages come wrapped in an event. */
function asMainPort(port: MessagePort): MainMessagePort {
  return {
    postMessage: (message) => port.postMessage(message),
    on: (event: string, listener: (event: { data: unknown }) => void) =>
      port.on(event, (data: unknown) => listener({ data })),
    start: () => port.start(),
    close: () => port.close(),
  }
}

describe('the service in the utility process', () => {
  it('gives each port its owner: a visitor, whoever has the ticket, and after a reload the same person', async () => {
    const shell = new Shell()
    const log = createRecordingLog()
    const events = createEventHub({ log })
    const sessions = createSessions({ now: Date.now, random: randomBytes })
    const done = serveShell({
      parent: shell.parent,
      service: { events, sessions },
      dispatcher: createDispatcher({
        handlers: handlersWith({ 'jobs.list': async () => [] }),
        events,
        log,
        newLogId: () => 'log_1',
      }),
      newConnectionId: () => randomBytes(4).toString('hex'),
    })
    const open = (ticket: string | null, sessionToken: string | null) => {
      const { port1, port2 } = new MessageChannel()
      shell.say({ type: 'open-port', windowId: 1, ticket, sessionToken }, [asMainPort(port1)])
      return createClient(portOverMessagePort(port2))
    }
    expect(shell.heard).toEqual([{ type: 'ready' }])
    await expect(open(null, null).call('jobs.list', {})).rejects.toMatchObject({ code: 'signed-out' })
    await expect(open(sessions.issueTicket(ana), null).call('jobs.list', {})).resolves.toEqual([])
    const told = shell.heard.find((message) => message.type === 'session')
    await expect(open(null, told?.sessionToken ?? null).call('jobs.list', {})).resolves.toEqual([])
    await expect(open('guess', null).call('jobs.list', {})).rejects.toMatchObject({ code: 'signed-out' })
    events.publish('notification.raised', { title: 'Drift', body: 'b', path: '/alerts' })
    expect(shell.heard.at(-1)).toEqual({ type: 'notify', title: 'Drift', body: 'b', path: '/alerts' })
    shell.say({ type: 'close' })
    await done
  })
})

describe('the vault over the desktop keyring', () => {
  let folder: string
  let shell: Shell
  let problem: string | null
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-vault-'))
    shell = new Shell()
    problem = null
    shell.on('heard', (message: ServiceToShell) => {
      if (message.type !== 'secret') return
      const reversed = [...message.value].reverse().join('')
      const value = message.operation === 'encrypt' ? btoa(reversed) : [...atob(message.value)].reverse().join('')
      shell.say({ type: 'secret-reply', id: message.id, value: problem ? null : value, problem })
    })
  })
  afterEach(() => rm(folder, { recursive: true }))
  const openVault = () => openSafeStorageVault(folder, createRemoteSafeStorage(shell.parent))

  it('keeps, finds again and forgets secrets, none of them in clear', async () => {
    const vault = await openVault()
    await Promise.all([vault.put('a/b', 'swordfish'), vault.put('c', 'marlin')])
    expect(await (await openVault()).get('a/b')).toBe('swordfish')
    expect(await readFile(join(folder, 'secrets-desktop.json'), 'utf8')).not.toMatch(/swordfish|marlin/)
    expect([await vault.delete('c'), await vault.delete('c'), await vault.get('c')]).toEqual([true, false, undefined])
    await expect(vault.put('../x', 'v')).rejects.toThrow('cannot name a secret')
  })

  it('stores nothing when the desktop refuses, and says why', async () => {
    problem = 'This desktop has no keyring'
    const vault = await openVault()
    await expect(vault.put('a', 'swordfish')).rejects.toThrow('This desktop has no keyring')
    expect(await vault.get('a')).toBeUndefined()
  })

  it('does not touch a damaged file', async () => {
    await writeFile(join(folder, 'secrets-desktop.json'), '{"a":')
    await expect((await openVault()).get('a')).rejects.toMatchObject({ fault: 'vault-damaged' })
    await expect((await openVault()).put('a', 'x')).rejects.toMatchObject({ fault: 'vault-damaged' })
    expect(await readFile(join(folder, 'secrets-desktop.json'), 'utf8')).toBe('{"a":')
  })
})
