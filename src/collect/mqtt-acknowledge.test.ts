import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { connect, type MqttClient } from 'mqtt'
import mqttPacket from 'mqtt-packet'
import { afterEach, expect, it } from 'vitest'
import { eventually } from '../../test/support/eventually.ts'
import { withholdAcknowledgements } from './mqtt-acknowledge.ts'

let clean: (() => void)[] = []
afterEach(() => {
  for (const step of clean) step()
  clean = []
})

/** A broker's end of the wire: accepts the connection and records what the client sends. */
async function wire(): Promise<{
  client: MqttClient
  socket: Socket
  acknowledged: number[]
  publish(id: number): void
}> {
  const acknowledged: number[] = []
  const accepted = Promise.withResolvers<Socket>()
  const server = createServer((socket) => {
    const parser = mqttPacket.parser({ protocolVersion: 5 })
    parser.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        socket.write(
          mqttPacket.generate({ cmd: 'connack', reasonCode: 0, sessionPresent: false }, { protocolVersion: 5 }),
        )
        accepted.resolve(socket)
      } else if (packet.cmd === 'puback') acknowledged.push(Number(packet.messageId))
    })
    socket.on('data', (chunk) => parser.parse(chunk))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const client = connect(`mqtt://127.0.0.1:${port}`, { protocolVersion: 5, clientId: 'c', reconnectPeriod: 0 })
  client.on('error', () => {})
  clean.push(
    () => client.end(true),
    () => server.close(),
  )
  const socket = await accepted.promise
  const publish = (messageId: number) =>
    socket.write(
      mqttPacket.generate(
        { cmd: 'publish', topic: 't', payload: `m${messageId}`, qos: 1, messageId, dup: false, retain: false },
        { protocolVersion: 5 },
      ),
    )
  return { client, socket, acknowledged, publish }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 60))

it('stands on the inside of mqtt 5.16: look at withholding again before taking another version', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../node_modules/mqtt/package.json', import.meta.url), 'utf8'))
  expect(version).toMatch(/^5\.16\./)
})

it('acknowledges nothing before it is durable, then in the order of arrival, and reads on meanwhile', async () => {
  const { client, acknowledged, publish } = await wire()
  const promises: PromiseWithResolvers<void>[] = []
  withholdAcknowledgements(
    client,
    () => {
      const next = Promise.withResolvers<void>()
      promises.push(next)
      return next.promise
    },
    () => null,
  )
  for (const id of [11, 12, 13, 14]) publish(id)
  await eventually(() => expect(promises).toHaveLength(4))
  promises[2].resolve()
  promises[1].resolve()
  await pause()
  expect(acknowledged).toEqual([])
  promises[0].resolve()
  await eventually(() => expect(acknowledged).toEqual([11, 12, 13]))
})

it('never acknowledges what failed, nor anything behind it', async () => {
  const { client, acknowledged, publish } = await wire()
  let count = 0
  withholdAcknowledgements(
    client,
    () => (++count === 2 ? Promise.reject(new Error('closed')) : Promise.resolve()),
    () => null,
  )
  for (const id of [1, 2, 3]) publish(id)
  await eventually(() => expect(acknowledged).toEqual([1]))
  await pause()
  expect(acknowledged).toEqual([1])
})

it('acknowledges at once what need not be stored, but not before what came earlier', async () => {
  const { client, acknowledged, publish } = await wire()
  const first = Promise.withResolvers<void>()
  let count = 0
  withholdAcknowledgements(
    client,
    () => (++count === 1 ? first.promise : null),
    () => null,
  )
  publish(1)
  publish(2)
  await eventually(() => expect(count).toBe(2))
  await pause()
  expect(acknowledged).toEqual([])
  first.resolve()
  await eventually(() => expect(acknowledged).toEqual([1, 2]))
})

it('stops reading while there is no room', async () => {
  const { client, publish } = await wire()
  const room = Promise.withResolvers<void>()
  const seen: string[] = []
  withholdAcknowledgements(
    client,
    (packet) => {
      seen.push(packet.payload.toString())
      return Promise.resolve()
    },
    () => (seen.length === 2 ? room.promise : null),
  )
  for (const id of [1, 2, 3, 4]) publish(id)
  await eventually(() => expect(seen).toEqual(['m1', 'm2']))
  await pause()
  expect(seen).toEqual(['m1', 'm2'])
  room.resolve()
  await eventually(() => expect(seen).toEqual(['m1', 'm2', 'm3', 'm4']))
})

it('drops what it held when the connection closes', async () => {
  const { client, socket, publish } = await wire()
  const late = Promise.withResolvers<void>()
  const errors: unknown[] = []
  client.on('error', (error) => errors.push(error))
  withholdAcknowledgements(
    client,
    () => late.promise,
    () => null,
  )
  publish(1)
  await pause()
  socket.destroy()
  await pause()
  late.resolve()
  await pause()
  expect(errors).toEqual([])
  expect(client.connected).toBe(false)
})
