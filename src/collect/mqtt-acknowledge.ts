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
  // Taken from the front by moving an index: thousands may be held, and shifting them each time would cost more than all else.
  let held: { readonly packet: { cmd: string; messageId?: number }; isDurable: boolean }[] = []
  let first = 0
  let taken: Promise<unknown> | null = null
  let isClosed = false
  let isCorked = false

  function release() {
    while (!isClosed && first < held.length && held[first].isDurable) {
      const next = held[first++]
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
    if (first > 1000 && first * 2 > held.length) {
      held = held.slice(first)
      first = 0
    }
  }

  inside._sendPacket = (packet, done, ...rest) => {
    if (packet.cmd !== 'puback') return send.call(client, packet, done, ...rest)
    const entry = { packet, isDurable: taken === null }
    held.push(entry)
    taken?.then(
      () => {
        entry.isDurable = true
        if (held[first] === entry) release()
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
    held = []
    first = 0
  })
}
