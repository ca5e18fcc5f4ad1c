import { connectAsync, type MqttClient } from 'mqtt'

/** Messages kept while the broker is away; beyond them the oldest reading is worth less than the memory. */
const MAX_WAITING = 5000

/** A device's way to the broker: QoS 1, reconnecting by itself; what was taken is sent again until it is acknowledged. */
export interface Publisher {
  /** Takes a message, or refuses it (false) when too many already wait for the broker. */
  publish(topic: string, message: unknown): boolean
  readonly client: MqttClient
  /** Waits a moment for acknowledgements, then disconnects. */
  close(): Promise<void>
}

export interface BrokerAccess {
  readonly url: string
  readonly username: string
  readonly password: string
}

export async function connectPublisher(access: BrokerAccess, clientId: string): Promise<Publisher> {
  const client = await connectAsync(access.url, {
    clientId,
    username: access.username,
    password: access.password,
    protocolVersion: 4,
    clean: false,
    reconnectPeriod: 500,
    connectTimeout: 5000,
  })
  // Lost connections are the client's to mend; without a listener they would end the program.
  client.on('error', () => {})
  let waiting = 0
  return {
    client,
    publish(topic, message) {
      if (waiting >= MAX_WAITING) return false
      waiting += 1
      client.publish(topic, JSON.stringify(message), { qos: 1 }, () => {
        waiting -= 1
      })
      return true
    },
    async close() {
      const deadline = Date.now() + 1000
      while (waiting > 0 && client.connected && Date.now() < deadline) await new Promise((next) => setTimeout(next, 20))
      await client.endAsync(true)
    },
  }
}
