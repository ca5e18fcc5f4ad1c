import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import { WebSocket, WebSocketServer } from 'ws'
import type { ClientMessage, ServerMessage } from '../../../src/contract/rpc.ts'
import { createPortPair, portOverMessagePort, portOverWebSocket } from '../../../src/server/ports.ts'
import { describeTransport } from './suite.ts'

describeTransport('in memory', async () => {
  const [service, page] = createPortPair<ServerMessage, ClientMessage>()
  return { service, page, dispose: async () => service.close() }
})

describeTransport('MessagePort', async () => {
  const { port1, port2 } = new MessageChannel()
  return {
    service: portOverMessagePort(port1),
    page: portOverMessagePort(port2),
    dispose: async () => port1.close(),
  }
})

describeTransport('WebSocket', async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await once(socket, 'open')
  const [serviceSocket] = await accepted
  return {
    service: portOverWebSocket(serviceSocket),
    page: portOverWebSocket(socket),
    async dispose() {
      socket.terminate()
      server.close()
      await once(server, 'close')
    },
  }
})
