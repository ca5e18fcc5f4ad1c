import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Port, ServerMessage } from '../../../src/contract/rpc.ts'
import { RpcError } from '../../../src/contract/rpc.ts'
import type { Caller } from '../../../src/contract/user.ts'
import type { Job } from '../../../src/contract/workspace.ts'
import { type ClientPort, createClient } from '../../../src/renderer/rpc/client.ts'
import type { Connection } from '../../../src/service/rpc/connection.ts'
import { createDispatcher, type Dispatcher } from '../../../src/service/rpc/dispatcher.ts'
import { createEventHub } from '../../../src/service/rpc/event-hub.ts'
import type { CallContext, Handlers } from '../../../src/service/rpc/handlers.ts'
import { eventually } from '../../support/eventually.ts'
import { callerWith, createRecordingLog, handlersWith, visitor } from '../../support/rpc.ts'

/** The two ends of one open channel. */
export interface Channel {
  readonly service: Port<ServerMessage, unknown>
  readonly page: ClientPort
  dispose(): Promise<void>
}

const digest = 'a'.repeat(64)
const file = { base64: '', totalBytes: 0, mediaType: 'text/plain' }
const job: Job = {
  id: 'job_1',
  kind: 'test',
  title: 'A job',
  state: 'running',
  progress: 0.5,
  message: '',
  startedAt: 1,
  finishedAt: null,
  problem: null,
  result: null,
}

/** What every transport must pass, whatever carries the messages. */
export function describeTransport(name: string, openChannel: () => Promise<Channel>): void {
  describe(`transport: ${name}`, () => {
    let channel: Channel
    let log: ReturnType<typeof createRecordingLog>
    let events: ReturnType<typeof createEventHub>
    let handlers: Partial<Record<keyof Handlers, unknown>>
    let connection: Connection

    beforeEach(async () => {
      channel = await openChannel()
      log = createRecordingLog()
      events = createEventHub({ log, intervalMs: 20 })
      handlers = {}
    })
    afterEach(() => channel.dispose())

    function dispatcher(): Dispatcher {
      return createDispatcher({
        handlers: handlersWith(handlers as Partial<Handlers>),
        events,
        log,
        newLogId: () => `log_${log.lines.length + 1}`,
      })
    }
    function serve(caller: Caller = callerWith('operator'), admit?: () => boolean) {
      connection = dispatcher().connect(channel.service, { caller, connectionId: 'c1', sessionId: 's1', admit })
      return createClient(channel.page)
    }
    /** Speaks the wire by hand, for what a client would never send. */
    function serveRaw(caller: Caller = callerWith('operator')) {
      connection = dispatcher().connect(channel.service, { caller, connectionId: 'c1', sessionId: null })
      const received: ServerMessage[] = []
      const closed = vi.fn()
      channel.page.onMessage((message) => void received.push(message as ServerMessage))
      channel.page.onClose(closed)
      return { received, closed, send: (message: unknown) => channel.page.send(message as never) }
    }

    it('answers a call with what the handler made of the parsed input and the caller', async () => {
      const seen: unknown[] = []
      handlers['files.read'] = async (input: object, context: CallContext) => {
        seen.push(input, context.caller.name, context.connectionId, context.sessionId)
        return { ...file, base64: 'YWJj', totalBytes: 3 }
      }
      const reply = await serve().call('files.read', { digest })
      expect(reply).toEqual({ base64: 'YWJj', totalBytes: 3, mediaType: 'text/plain' })
      expect(seen).toEqual([{ digest, offset: 0 }, 'Ana', 'c1', 's1'])
    })

    it('keeps many calls apart, whichever order they end in', async () => {
      handlers['files.read'] = async ({ offset }: { offset: number }) => {
        await new Promise((resolve) => setTimeout(resolve, (offset * 7) % 13))
        return { ...file, totalBytes: offset }
      }
      const client = serve()
      const replies = await Promise.all(
        Array.from({ length: 200 }, (_, offset) => client.call('files.read', { digest, offset })),
      )
      expect(replies.map((reply) => reply.totalBytes)).toEqual(Array.from({ length: 200 }, (_, index) => index))
    })

    it.each(['toString', '__proto__', 'constructor', 'job.updated', 'no.such', ''])(
      'knows no method named %j',
      async (method) => {
        const raw = serveRaw()
        raw.send({ type: 'call', id: 0, method, input: {} })
        await eventually(() => expect(raw.received).toMatchObject([{ id: 0, error: { code: 'unknown-method' } }]))
      },
    )

    it('looks at the role before the input', async () => {
      const client = serve(callerWith('viewer'))
      // An input that would be refused as well: who may not call is not told what is wrong with it.
      await expect(client.call('users.create', {} as never)).rejects.toMatchObject({ code: 'forbidden' })
    })

    it('tells a visitor to sign in, and lets them ask for the state of the session', async () => {
      handlers['session.state'] = async () => ({
        workspaceName: 'w',
        isDemo: false,
        needsSetUp: true,
        user: null,
        productVersion: '0',
        demoAccounts: [],
      })
      const client = serve(visitor)
      await expect(client.call('jobs.list', {})).rejects.toMatchObject({ code: 'signed-out' })
      await expect(client.call('session.state', {})).resolves.toMatchObject({ needsSetUp: true })
    })

    it('names what is wrong with an input, and where', async () => {
      const error = await serve()
        .call('files.stage', { uploadId: 'short', offset: -1, base64: '', isLast: true })
        .catch((caught: unknown) => caught)
      expect(error).toBeInstanceOf(RpcError)
      expect(error).toMatchObject({ code: 'invalid-input' })
      expect((error as RpcError).issues?.map((issue) => issue.path)).toEqual(['uploadId', 'offset'])
    })

    it('passes on the errors that the contract foresees', async () => {
      handlers['files.read'] = async () => {
        throw new RpcError('not-found', 'There is no such file')
      }
      await expect(serve().call('files.read', { digest })).rejects.toMatchObject({
        code: 'not-found',
        message: 'There is no such file',
      })
      expect(log.lines).toEqual([])
    })

    it('masks a bug, and logs it once under the id that the page is told', async () => {
      handlers['jobs.list'] = async () => {
        throw new TypeError('the password is swordfish')
      }
      const error = await serve()
        .call('jobs.list', {})
        .catch((caught: unknown) => caught as RpcError)
      expect(error).toMatchObject({ code: 'internal', logId: 'log_1' })
      expect((error as RpcError).message).not.toContain('swordfish')
      expect(log.lines).toHaveLength(1)
      expect(log.lines[0].details).toMatchObject({ logId: 'log_1', method: 'jobs.list' })
    })

    it('does not send a reply that breaks the contract', async () => {
      handlers['jobs.list'] = async () => [{ ...job, secret: 'x' }]
      await expect(serve().call('jobs.list', {})).rejects.toMatchObject({ code: 'internal' })
      expect(log.lines).toHaveLength(1)
    })

    it('cancels: the page stops waiting and the handler is told', async () => {
      const aborted = vi.fn()
      const started = vi.fn()
      handlers['jobs.list'] = (_: object, { signal }: CallContext) =>
        new Promise((_resolve, reject) => {
          started()
          signal.addEventListener('abort', () => {
            aborted()
            reject(signal.reason)
          })
        })
      const stop = new AbortController()
      const call = serve().call('jobs.list', {}, { signal: stop.signal })
      await eventually(() => expect(started).toHaveBeenCalled())
      stop.abort()
      await expect(call).rejects.toMatchObject({ code: 'cancelled' })
      await eventually(() => expect(aborted).toHaveBeenCalled())
      expect(log.lines).toEqual([])
    })

    it('does not send a call that was cancelled before', async () => {
      const called = vi.fn(async () => [])
      handlers['jobs.list'] = called
      const client = serve()
      await expect(client.call('jobs.list', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'cancelled',
      })
      await client.call('jobs.list', {})
      expect(called).toHaveBeenCalledTimes(1)
    })

    it('refuses an id in use, and still answers its first call', async () => {
      let finish: (value: Job[]) => void = () => {}
      handlers['jobs.list'] = () =>
        new Promise<Job[]>((resolve) => {
          finish = resolve
        })
      const raw = serveRaw()
      raw.send({ type: 'call', id: 5, method: 'jobs.list', input: {} })
      raw.send({ type: 'call', id: 5, method: 'jobs.list', input: {} })
      await eventually(() => expect(raw.received).toMatchObject([{ id: 5, error: { code: 'conflict' } }]))
      finish([job])
      await eventually(() => expect(raw.received[1]).toEqual({ type: 'ok', id: 5, output: [job] }))
    })

    it('limits the calls in progress', async () => {
      const finishers: ((value: Job[]) => void)[] = []
      handlers['jobs.list'] = () => new Promise<Job[]>((resolve) => void finishers.push(resolve))
      const client = serve()
      const calls = Array.from({ length: 256 }, () => client.call('jobs.list', {}))
      await expect(client.call('jobs.list', {})).rejects.toMatchObject({ code: 'unavailable' })
      for (const finish of finishers) finish([])
      await expect(Promise.all(calls)).resolves.toHaveLength(256)
    })

    it('refuses a message that is too large or too deep, and goes on', async () => {
      handlers['jobs.list'] = async () => []
      const raw = serveRaw()
      raw.send({ type: 'call', id: 1, method: 'jobs.list', input: { text: 'x'.repeat(2 * 2 ** 20) } })
      let deep: unknown = 1
      for (let level = 0; level < 100; level++) deep = [deep]
      raw.send({ type: 'call', id: 2, method: 'jobs.list', input: { deep } })
      raw.send({ type: 'call', id: 3, method: 'jobs.list', input: {} })
      await eventually(() => expect(raw.received).toHaveLength(3))
      expect(raw.received).toMatchObject([
        { id: 1, error: { code: 'too-large' } },
        { id: 2, error: { code: 'too-large' } },
        { type: 'ok', id: 3 },
      ])
    })

    it.each([[{ type: 'call', method: 'jobs.list' }], [['call']], ['text'], [null], [17]])(
      'closes on %j, which nobody could be answered for',
      async (message) => {
        const raw = serveRaw()
        raw.send(message)
        await eventually(() => expect(raw.closed).toHaveBeenCalledTimes(1))
        expect(log.lines).toHaveLength(1)
      },
    )

    it('rejects everything pending when the service goes, and later calls at once', async () => {
      handlers['jobs.list'] = () => new Promise(() => {})
      const client = serve()
      const calls = [client.call('jobs.list', {}), client.call('jobs.list', {})]
      channel.service.close()
      for (const call of calls) await expect(call).rejects.toMatchObject({ code: 'unavailable' })
      await expect(client.call('jobs.list', {})).rejects.toMatchObject({ code: 'unavailable' })
    })

    it('aborts what runs when the page goes', async () => {
      const aborted = vi.fn()
      const started = vi.fn()
      handlers['jobs.list'] = (_: object, { signal }: CallContext) => {
        signal.addEventListener('abort', aborted)
        started()
        return new Promise(() => {})
      }
      const client = serve()
      const call = client.call('jobs.list', {})
      call.catch(() => {})
      await eventually(() => expect(started).toHaveBeenCalled())
      client.close()
      await eventually(() => expect(aborted).toHaveBeenCalled())
      await expect(call).rejects.toMatchObject({ code: 'unavailable' })
    })

    it('answers the call that ended the session, then closes', async () => {
      handlers['session.signOut'] = async () => {
        connection.end()
        return {}
      }
      handlers['jobs.list'] = (_: object, { signal }: CallContext) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      const client = serve()
      const closed = vi.fn()
      client.onClose(closed)
      const running = client.call('jobs.list', {})
      running.catch(() => {})
      await expect(client.call('session.signOut', {})).resolves.toEqual({})
      await expect(running).rejects.toMatchObject({ code: 'cancelled' })
      await eventually(() => expect(closed).toHaveBeenCalledTimes(1))
    })

    it('admits no call once the session has ended', async () => {
      handlers['jobs.list'] = vi.fn(async () => [])
      const client = serve(callerWith('operator'), () => false)
      await expect(client.call('jobs.list', {})).rejects.toMatchObject({ code: 'signed-out' })
      expect(handlers['jobs.list']).not.toHaveBeenCalled()
    })

    it('brings events to who subscribed, until they no longer want them', async () => {
      const client = serve()
      const listener = vi.fn()
      const unsubscribe = client.subscribe('notification.raised', listener)
      handlers['jobs.list'] = async () => []
      // A call's reply comes after the subscription has been seen.
      await client.call('jobs.list', {}).catch(() => {})
      events.publish('notification.raised', { title: 'a', body: 'b', path: '/alerts' })
      events.publish('notification.raised', { title: 'c', body: 'd', path: '/alerts' })
      await eventually(() => expect(listener.mock.calls.map(([payload]) => payload.title)).toEqual(['a', 'c']))
      unsubscribe()
      await client.call('jobs.list', {}).catch(() => {})
      events.publish('notification.raised', { title: 'e', body: 'f', path: '/alerts' })
      await client.call('jobs.list', {}).catch(() => {})
      expect(listener).toHaveBeenCalledTimes(2)
    })

    it('refuses events to who may not have them, and those that do not exist', async () => {
      const refused = vi.fn()
      serve(visitor).subscribe('job.updated', () => {}, refused)
      await eventually(() => expect(refused.mock.calls[0]?.[0]).toMatchObject({ code: 'signed-out' }))
    })

    it('logs an event that breaks the contract, and throws nothing into who published it', async () => {
      const client = serve()
      const listener = vi.fn()
      client.subscribe('job.updated', listener)
      await client.call('jobs.list', {}).catch(() => {})
      expect(() => events.publish('job.updated', { ...job, progress: 7 })).not.toThrow()
      expect(log.lines.map((line) => line.level)).toEqual(['error'])
      events.publish('job.updated', job)
      await eventually(() => expect(listener).toHaveBeenCalledExactlyOnceWith(job))
    })
  })
}
