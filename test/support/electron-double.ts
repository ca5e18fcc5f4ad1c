/**
 * Stands in for Electron, so that the built shell runs where no Electron binary is. It reports what the shell does to the
 * parent process and does what the parent asks: serve a request, ask for a permission, navigate, load the page, quit.
 */
import { EventEmitter } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'

type Report = Record<string, unknown> & { report: string }
const tell = (report: Report) => process.send?.(report)

class Contents extends EventEmitter {
  readonly id: number
  windowOpenHandler: (details: object) => unknown = () => ({ action: 'allow' })
  constructor(id: number) {
    super()
    this.id = id
  }
  setWindowOpenHandler(handler: (details: object) => unknown) {
    this.windowOpenHandler = handler
  }
}

class DoubleApp extends EventEmitter {
  isPackaged = false
  getPath = () => process.env.ASSAY_TEST_FOLDER ?? ''
  requestSingleInstanceLock = () => process.env.ASSAY_TEST_SECOND !== 'yes'
  whenReady = () => Promise.resolve()
  quit() {
    let isPrevented = false
    this.emit('before-quit', { preventDefault: () => (isPrevented = true) })
    if (!isPrevented) this.exit(0)
  }
  exit(code: number) {
    tell({ report: 'exit', code })
    process.exit(code)
  }
}
export const app = new DoubleApp()

let contents: Contents
export class BrowserWindow extends EventEmitter {
  readonly webContents: Contents
  constructor(options: object) {
    super()
    tell({ report: 'window', options })
    this.webContents = new Contents(1)
    contents = this.webContents
    app.emit('web-contents-created', {}, this.webContents)
  }
  isMinimized = () => false
  restore() {}
  show() {}
  focus() {}
  async loadURL(url: string) {
    tell({ report: 'load', url })
  }
}

class Child extends EventEmitter {
  postMessage(message: { type: string }, ports: MessagePort[] = []) {
    // The service's end answers, which shows that the two ends belong together.
    for (const port of ports) port.on('message', (text) => port.postMessage(`service heard ${text}`))
    tell({ report: 'to-service', message, ports: ports.length })
    if (message.type === 'close') setImmediate(() => this.emit('exit', 0))
  }
  kill() {
    tell({ report: 'kill' })
    setImmediate(() => this.emit('exit', 1))
    return true
  }
}
let child: Child
export const utilityProcess = {
  fork(path: string, args: string[]) {
    tell({ report: 'fork', path, args })
    child = new Child()
    return child
  },
}

export class MessageChannelMain extends MessageChannel {}

let pageHandler: (request: Request) => Promise<Response>
let askPermission: (contents: unknown, permission: string, decide: (isGranted: boolean) => void) => void
let checkPermission: () => boolean = () => true
let checkDevice: () => boolean = () => true
const defaultSession = Object.assign(new EventEmitter(), {
  protocol: {
    handle: (_scheme: string, handler: typeof pageHandler) => {
      pageHandler = handler
    },
  },
  setPermissionRequestHandler: (handler: typeof askPermission) => {
    askPermission = handler
  },
  setPermissionCheckHandler: (handler: () => boolean) => {
    checkPermission = handler
  },
  setDevicePermissionHandler: (handler: () => boolean) => {
    checkDevice = handler
  },
})
export const session = { defaultSession }
export const protocol = {
  registerSchemesAsPrivileged: (schemes: object[]) => tell({ report: 'schemes', schemes }),
}
export const ipcMain = new EventEmitter()
export const dialog = { showErrorBox: (title: string, text: string) => tell({ report: 'error-box', title, text }) }
export const Menu = { setApplicationMenu() {}, buildFromTemplate: (template: object[]) => template }
export const nativeImage = { createFromPath: () => ({ isEmpty: () => true }) }
export class Tray {}
export class Notification extends EventEmitter {
  static isSupported = () => true
  readonly options: object
  constructor(options: object) {
    super()
    this.options = options
  }
  show() {
    tell({ report: 'notification', options: this.options })
  }
}
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => process.env.ASSAY_TEST_KEYRING ?? 'gnome_libsecret',
  encryptStringAsync: async (text: string) => Buffer.from(text.toUpperCase()),
  decryptStringAsync: async (bytes: Buffer) => ({ result: bytes.toString().toLowerCase(), shouldReEncrypt: false }),
}

const wasPrevented = (emitter: EventEmitter, name: string, ...rest: unknown[]) => {
  let isPrevented = false
  emitter.emit(name, { preventDefault: () => (isPrevented = true), url: rest[0] }, ...rest)
  return isPrevented
}

/** What the parent may ask; each answer goes back under the question's id. */
const commands: Record<string, (input: never) => unknown> = {
  request: async ({ url, method }: { url: string; method?: string }) => {
    // As Electron does, without tidying the address first.
    const response = await pageHandler({ url, method: method ?? 'GET' } as Request)
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
  },
  permissions: () => {
    let isGranted = true
    askPermission(contents, 'media', (decision) => {
      isGranted = decision
    })
    return [isGranted, checkPermission(), checkDevice()]
  },
  navigate: ({ url }: { url: string }) => wasPrevented(contents, 'will-navigate', url),
  redirect: ({ url }: { url: string }) => wasPrevented(contents, 'will-redirect', url),
  attachWebview: () => wasPrevented(contents, 'will-attach-webview'),
  openWindow: ({ url }: { url: string }) => contents.windowOpenHandler({ url }),
  download: ({ url, name }: { url: string; name: string }) => {
    let saved: unknown = null
    const item = {
      getURL: () => url,
      getFilename: () => name,
      setSaveDialogOptions: (value: unknown) => (saved = value),
    }
    return { isPrevented: wasPrevented(defaultSession, 'will-download', item), saved }
  },
  /** The page asks for a port; resolves with what the service's end said through it, or null when none came. */
  askForPort: (asked: { url: string; isFramed?: boolean; senderId?: number; message: unknown }) =>
    new Promise((resolve) => {
      const frame = {
        url: asked.url,
        parent: asked.isFramed ? {} : null,
        postMessage(channel: string, message: unknown, [port]: MessagePort[]) {
          port.on('message', (heard) => {
            port.close()
            resolve({ channel, message, heard })
          })
          port.postMessage('hello')
        },
      }
      const isKnown = ipcMain.emit(
        'assay:open-port',
        { senderFrame: frame, sender: { id: asked.senderId ?? 1 } },
        asked.message,
      )
      if (!isKnown) throw new Error('nobody listens')
      setTimeout(() => resolve(null), 300)
    }),
  fromService: ({ message }: { message: object }) => void child.emit('message', message),
  crash: () => void child.emit('exit', 9),
  quit: () => app.quit(),
}

process.on('message', async ({ id, command, input }: { id: number; command: string; input: never }) => {
  tell({ report: 'answer', id, answer: (await commands[command](input)) ?? null })
})
