import type { IPublishPacket, MqttClient } from 'mqtt'

/** The inside of the client (mqtt 5.16) that withholding depends on; a contract test pins it. */
interface Inside {
  _sendPacket(packet: { cmd: string; messageId?: number }, done?: (error?: Error) => void, ...rest: unknown[]): void
  stream: { cork(): void; uncork(): void }
}

/**
 * Withholds the acknowledgement of each QoS 1 message until `take` says that it is durable, and sends acknowledgements in the
 * order in which the messages came. The client's own API can only stall on a message; this lets it read on, so that a
 * whole batch is committed and acknowledged together. `take` returns null for a message that may be acknowledged at once;
 * `whenRoom` is asked before reading on.
 *
 * When the connection closes everything held is dropped: the broker sends those messages again.
 */
export function withholdAcknowledgements(
  client: MqttClient,
  take: (packet: IPublishPacket) => Promise<unknown> | null,
  whenRoom: () => Promise<void> | null,
): void {
  const inside = client as unknown as Inside
  const send = inside._sendPacket
  const held: { readonly packet: { cmd: string; messageId?: number }; isDurable: boolean }[] = []
  let taken: Promise<unknown> | null = null
  let isClosed = false
  let isCorked = false

  function release() {
    while (!isClosed && held.length > 0 && held[0].isDurable) {
      const next = held.shift()
      if (!next) return
      if (!isCorked) {
        // One write to the socket for a batch of acknowledgements.
        isCorked = true
        const { stream } = inside
        stream.cork()
        process.nextTick(() => {
          isCorked = false
          stream.uncork()
        })
      }
      send.call(client, next.packet)
    }
  }

  inside._sendPacket = (packet, done, ...rest) => {
    if (packet.cmd !== 'puback') return send.call(client, packet, done, ...rest)
    const entry = { packet, isDurable: taken === null }
    held.push(entry)
    taken?.then(
      () => {
        entry.isDurable = true
        if (held[0] === entry) release()
      },
      // Not durable: never acknowledged on this connection, nor anything after it.
      () => {},
    )
    if (entry.isDurable) release()
    done?.()
  }

  client.handleMessage = (packet, done) => {
    taken = take(packet)
    const room = whenRoom()
    if (room) room.then(() => done())
    else done()
  }

  client.on('close', () => {
    isClosed = true
    held.length = 0
  })
}
