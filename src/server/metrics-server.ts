import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface MetricsServer {
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves `GET /metrics` to Prometheus on the loopback of this machine, on a port of its own that somebody asked for. Counts and times
 * only, names of connections as labels: no sample, no secret. A page of another origin is refused by its Host, as a browser cannot
 * be told to leave it out.
 */
export async function startMetricsServer(port: number, read: () => Promise<string>): Promise<MetricsServer> {
  const server = createServer((request, reply) => {
    const end = (status: number, body: string) => {
      reply.writeHead(status, {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        'cache-control': 'no-store',
      })
      reply.end(body)
    }
    const host = request.headers.host?.replace(/:\d+$/, '')
    if (host !== '127.0.0.1' && host !== 'localhost') return end(403, 'Ask 127.0.0.1\n')
    if (request.url !== '/metrics') return end(404, 'The metrics are at /metrics\n')
    if (request.method !== 'GET') return end(405, 'Use GET\n')
    read().then(
      (text) => end(200, text),
      () => end(500, 'The metrics cannot be read now\n'),
    )
  })
  server.maxConnections = 16
  server.requestTimeout = 5_000
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
