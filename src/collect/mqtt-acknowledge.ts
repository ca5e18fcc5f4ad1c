import type { IPublishPacket, MqttClient } from 'mqtt'

/** Only what an acknowledgement has; everything else is passed on as it is. */
interface Packet {
  readonly cmd: string
  readonly messageId?: number
  readonly reasonCode?: number
}

/** The inside of the client (mqtt 5.16) that withholding depends on; a contract test pins it. */
interface Inside {
  _sendPacket(packet: Packet, done?: (error?: Error) => void, ...rest: unknown[]): void
  stream: { write(bytes: Uint8Array): boolean }
}

/** One acknowledgement that has its turn when it is durable and all before it have been sent. */
interface Held {
  readonly packet: Packet
  isDurable: boolean
}

const pubackBytes = 4

/** Acknowledgements of success on the wire, the same in MQTT 3.1.1 and 5: type, length, message id. */
function encodePubacks(messageIds: readonly number[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(messageIds.length * pubackBytes)
  let at = 0
  for (const id of messageIds) {
    bytes[at++] = 0x40
    bytes[at++] = 2
    bytes[at++] = id >> 8
    bytes[at++] = id & 0xff
  }
  return bytes
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
  let held: Held[] = []
  let first = 0
  let taken: Promise<unknown> | null = null
  let isClosed = false
  /** Ids that are written together, once the messages of this turn have been looked at. */
  let ready: number[] = []

  function flush() {
    const ids = ready
    ready = []
    // Written past the client: packet by packet it would make a write to the socket of each.
    if (!isClosed && ids.length > 0) inside.stream.write(encodePubacks(ids))
  }

  function acknowledge(packet: Packet) {
    const { messageId, reasonCode } = packet
    if (messageId === undefined || reasonCode) {
      flush()
      send.call(client, packet)
      return
    }
    if (ready.length === 0) process.nextTick(flush)
    ready.push(messageId)
  }

  function release() {
    while (!isClosed && first < held.length && held[first].isDurable) acknowledge(held[first++].packet)
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
    ready = []
  })
}
