// Serves one ONNX classifier until told to stop; prints one line of JSON ({"url"}) once it listens.
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { startOipServer } from './oip-server.ts'

const USAGE = `usage: node src/demo/server/main.ts --model-name NAME --artifact FILE --version V
  [--host 127.0.0.1] [--port 0] [--artifact-folder DIR] [--latency-ms 0]
The token of the load call is read from the environment variable OIP_ADMIN_TOKEN.`

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      'model-name': { type: 'string' },
      artifact: { type: 'string' },
      version: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      'artifact-folder': { type: 'string' },
      'latency-ms': { type: 'string', default: '0' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(`${USAGE}\n`)
    return
  }
  const { 'model-name': modelName, artifact, version } = values
  if (!modelName || !artifact || !version) throw new Error('--model-name, --artifact and --version are needed')
  const [port, latencyMs] = [Number(values.port), Number(values['latency-ms'])]
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port ${values.port} is not a port`)
  if (!(latencyMs >= 0)) throw new Error(`--latency-ms ${values['latency-ms']} is not a duration`)
  const server = await startOipServer({
    modelName,
    version,
    onnxBytes: await readFile(artifact),
    host: values.host,
    port,
    artifactFolder: values['artifact-folder'],
    adminToken: process.env.OIP_ADMIN_TOKEN,
    faults: { latencyMs },
    onDefect: (error) => process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`),
  })
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`)
  const stop = () => void server.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  // A child process ends with the parent that started it; a terminal's Ctrl+C is then the parent's to answer.
  if (process.connected) process.on('SIGINT', () => {})
  else process.once('SIGINT', stop)
  process.once('disconnect', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
})
