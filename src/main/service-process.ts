import type { MessagePortMain, UtilityProcess } from 'electron'
import type { ServiceToShell, ShellToService } from '../contract/shell.ts'

/** The service, wherever its process stands at the moment. */
export interface ServiceProcess {
  /** Hands a page's port over, now or once the service is ready. */
  openPort(request: { windowId: number; ticket: string | null }, port: MessagePortMain): void
  /** Asks the service to end, and kills it when it does not. */
  stop(): Promise<void>
}

export interface ServiceProcessParts {
  readonly fork: () => UtilityProcess
  readonly cryptSecret: (operation: 'encrypt' | 'decrypt', value: string) => Promise<string>
  readonly onNotify: (notification: { title: string; body: string; path: string }) => void
  /** The service cannot go on; said in a sentence. */
  readonly onFailure: (sentence: string) => void
  readonly now: () => number
}

const stopGraceMs = 5_000
/** More crashes than this within a minute are not worth another try. */
const maxCrashes = 3

/** Starts the service and starts it again when it crashes; pages then ask for new ports. */
export function startServiceProcess({
  fork,
  cryptSecret,
  onNotify,
  onFailure,
  now,
}: ServiceProcessParts): ServiceProcess {
  const sessionTokens = new Map<number, string>()
  const waiting: (() => void)[] = []
  const crashes: number[] = []
  let child: UtilityProcess
  let state: 'starting' | 'ready' | 'stopping' | 'failed' = 'starting'
  let onExit: () => void = () => {}

  const send = (message: ShellToService, ports: MessagePortMain[] = []) => child.postMessage(message, ports)

  async function answerSecret({ id, operation, value }: Extract<ServiceToShell, { type: 'secret' }>): Promise<void> {
    try {
      send({ type: 'secret-reply', id, value: await cryptSecret(operation, value), problem: null })
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      send({ type: 'secret-reply', id, value: null, problem })
    }
  }

  function fail(sentence: string): void {
    state = 'failed'
    onFailure(sentence)
  }

  function start(): void {
    state = 'starting'
    child = fork()
    child.on('message', (message: ServiceToShell) => {
      if (message.type === 'ready') {
        state = 'ready'
        for (const open of waiting.splice(0)) open()
      } else if (message.type === 'session') sessionTokens.set(message.windowId, message.sessionToken)
      else if (message.type === 'secret') void answerSecret(message)
      else if (message.type === 'notify') onNotify(message)
      else if (message.type === 'failed' && state === 'starting') fail(message.message)
    })
    child.on('exit', (code) => {
      onExit()
      if (state === 'stopping' || state === 'failed') return
      crashes.push(now())
      if (crashes.filter((at) => now() - at < 60_000).length > maxCrashes) {
        fail(`The service ended again and again (code ${code}); its log tells why`)
      } else start()
    })
  }

  start()
  return {
    openPort({ windowId, ticket }, port) {
      const open = () => {
        const sessionToken = sessionTokens.get(windowId) ?? null
        send({ type: 'open-port', windowId, ticket, sessionToken }, [port])
      }
      if (state === 'ready') open()
      else if (state === 'starting') waiting.push(open)
      else port.close()
    },
    async stop() {
      if (state === 'failed' || state === 'stopping') return
      state = 'stopping'
      const exited = new Promise<void>((resolve) => {
        onExit = resolve
      })
      send({ type: 'close' })
      const killing = setTimeout(() => child.kill(), stopGraceMs)
      await exited
      clearTimeout(killing)
    },
  }
}
