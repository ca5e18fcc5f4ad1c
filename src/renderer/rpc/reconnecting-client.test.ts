import { describe, expect, it, vi } from 'vitest'
import { eventually } from '../../../test/support/eventually.ts'
import type { ClientMessage, Port, ServerMessage } from '../../contract/rpc.ts'
import { createPortPair } from '../../server/ports.ts'
import { concerns, followChanges } from './follow.ts'
import { createReconnectingClient } from './reconnecting-client.ts'

/** A service that answers every call with an empty list, on as many ports as are opened. */
function createService() {
  const ports: { port: Port<ServerMessage, ClientMessage>; heard: ClientMessage[]; ticket?: string }[] = []
  let refusals = 0
  return {
    ports,
    refuseNext: (times: number) => {
      refusals = times
    },
    openPort: async (ticket?: string) => {
      if (refusals-- > 0) throw new Error('refused')
      const [service, page] = createPortPair<ServerMessage, ClientMessage>()
      const entry = { port: service, heard: [] as ClientMessage[], ticket }
      ports.push(entry)
      service.onMessage((message) => {
        entry.heard.push(message)
        if (message.type === 'call') service.send({ type: 'ok', id: message.id, output: [] })
      })
      return page
    },
  }
}

describe('the reconnecting client', () => {
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

  it('makes calls wait for the first port', async () => {
    const service = createService()
    const client = createReconnectingClient({ openPort: service.openPort })
    expect(client.state()).toBe('connecting')
    await expect(client.call('jobs.list', {})).resolves.toEqual([])
    expect(client.state()).toBe('connected')
  })

  it('comes back with growing pauses, subscribes again, and hears on', async () => {
    const service = createService()
    const waits: number[] = []
    const client = createReconnectingClient({
      openPort: service.openPort,
      random: () => 1,
      wait: async (delayMs) => void waits.push(delayMs),
    })
    const heard = vi.fn()
    client.subscribe('records.changed', heard)
    await client.call('jobs.list', {})
    service.refuseNext(8)
    service.ports[0].port.close()
    await eventually(() => expect(client.state()).toBe('connected'))
    await eventually(() => expect(service.ports).toHaveLength(2))
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    await settle()
    const [subscription] = service.ports[1].heard
    expect(subscription).toMatchObject({ type: 'subscribe', event: 'records.changed' })
    service.ports[1].port.send({ type: 'event', id: subscription.id, payload: { kinds: ['alert'] } })
    await settle()
    expect(heard).toHaveBeenCalledExactlyOnceWith({ kinds: ['alert'] })
  })

  it('rejects calls while the connection is lost, and sends none of them twice', async () => {
    const service = createService()
    const client = createReconnectingClient({ openPort: service.openPort, wait: () => new Promise(() => {}) })
    await client.call('jobs.list', {})
    service.refuseNext(1)
    service.ports[0].port.close()
    await eventually(() => expect(client.state()).toBe('lost'))
    await expect(client.call('jobs.list', {})).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('opens another port with a ticket, and closes the one before', async () => {
    const service = createService()
    const client = createReconnectingClient({ openPort: service.openPort })
    await client.call('jobs.list', {})
    const closed = vi.fn()
    service.ports[0].port.onClose(closed)
    await client.reopen('ticket')
    await settle()
    expect(closed).toHaveBeenCalled()
    expect(service.ports.map(({ ticket }) => ticket)).toEqual([undefined, 'ticket'])
    expect([client.state(), client.opened()]).toEqual(['connected', 2])
  })

  it('says why a ticket was refused, and goes back to the session it had', async () => {
    const service = createService()
    const client = createReconnectingClient({ openPort: service.openPort })
    await client.call('jobs.list', {})
    service.refuseNext(1)
    await expect(client.reopen('bad')).rejects.toThrow('refused')
    await eventually(() => expect(client.state()).toBe('connected'))
    await expect(client.call('jobs.list', {})).resolves.toEqual([])
  })

  it('asks everything again after a loss', async () => {
    const service = createService()
    const client = createReconnectingClient({ openPort: service.openPort, wait: async () => {} })
    const invalidateQueries = vi.fn(async () => {})
    followChanges(client, { invalidateQueries })
    await client.call('jobs.list', {})
    expect(invalidateQueries).not.toHaveBeenCalled()
    service.ports[0].port.close()
    await eventually(() => expect(invalidateQueries).toHaveBeenCalledExactlyOnceWith())
  })
})

describe('what makes a query ask again', () => {
  const records = { type: 'records', kinds: ['alert', 'audit'] } as const
  const data = { type: 'data', targets: ['dep_1'], what: ['samples'] } as const
  it.each([
    [{}, false, false],
    [{ records: true }, true, false],
    [{ records: ['alert'] }, true, false],
    [{ records: ['release'] }, false, false],
    [{ data: true }, false, true],
    [{ data: ['samples', 'labels'] as const }, false, true],
    [{ data: ['telemetry'] as const }, false, false],
    [{ data: true, target: 'dep_1' }, false, true],
    [{ data: true, target: 'dep_2' }, false, false],
  ])('%j: %s after records, %s after data', (follows, afterRecords, afterData) => {
    expect(concerns(follows, { ...records, kinds: [...records.kinds] })).toBe(afterRecords)
    expect(concerns(follows, { ...data, targets: [...data.targets], what: [...data.what] })).toBe(afterData)
  })
})
