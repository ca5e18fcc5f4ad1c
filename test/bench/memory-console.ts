// A console under load, in a process of its own, so that its memory is its alone. Told the broker's URL as argument.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { openTestConsole } from '../support/console.ts'
import { createBenchDeployment } from './bench-deployment.ts'

const [brokerUrl] = process.argv.slice(2)
const console_ = await openTestConsole()
await createBenchDeployment(console_)
await console_.call('connections.save', {
  id: null,
  revision: null,
  connection: {
    key: 'bench',
    name: 'Bench',
    isEnabled: true,
    config: {
      kind: 'mqtt',
      url: brokerUrl,
      clientId: 'bench-console',
      username: null,
      passwordSecret: null,
      caPem: null,
      topicPrefix: 'bench',
    },
  },
})
const fileBytes = (name: string) => statSync(join(console_.workspacePath, name), { throwIfNoEntry: false })?.size ?? 0
process.on('message', async (message) => {
  if (message === 'close') {
    await console_.close()
    process.exit(0)
  }
  const [connection] = await console_.call('connections.list', {})
  const { user, system } = process.cpuUsage()
  process.send?.({
    memory: process.memoryUsage(),
    processorMicroseconds: user + system,
    counters: connection.state.counters,
    databaseBytes: fileBytes('workspace.sqlite'),
    logBytes: fileBytes('workspace.sqlite-wal'),
  })
})
process.send?.('ready')
