import type * as Electron from 'electron'
import { z } from 'zod'
import { shellChannels } from '../contract/shell.ts'
import { guardContents, guardSession } from './page-guard.ts'
import { createPageHandler, isOwnPage, pageUrl, scheme } from './page-scheme.ts'
import { cryptWithSafeStorage } from './secrets.ts'
import { startServiceProcess } from './service-process.ts'

/** What the shell uses of Electron. */
export type ElectronParts = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'MessageChannelMain'
  | 'nativeImage'
  | 'Notification'
  | 'protocol'
  | 'safeStorage'
  | 'session'
  | 'Tray'
  | 'utilityProcess'
>

export interface ShellPaths {
  readonly pageRoot: string
  readonly preload: string
  readonly service: string
  readonly icon: string
}

const portRequest = z.strictObject({ nonce: z.string().min(8).max(100), ticket: z.string().max(200).nullable() })

/** Must run before Electron is ready, once. */
export function registerScheme({ protocol }: Pick<ElectronParts, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** The desktop: one window over the page, the service in a process of its own, and a port between them per page load. */
export function startShell(electron: ElectronParts, paths: ShellPaths, serviceArguments: readonly string[]): void {
  const { app, BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, Notification, safeStorage } = electron
  const { session } = electron
  guardSession(session.defaultSession)
  session.defaultSession.protocol.handle(scheme, createPageHandler(paths.pageRoot))
  app.on('web-contents-created', (_event, contents) => guardContents(contents))

  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: 'Assay',
    autoHideMenuBar: true,
    webPreferences: {
      preload: paths.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  const show = () => {
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }
  const follow = (path: string) => {
    show()
    // Only the part behind the hash changes, so the page stays loaded.
    void window.loadURL(`${pageUrl}#${path}`)
  }

  const service = startServiceProcess({
    fork: () =>
      electron.utilityProcess.fork(paths.service, [...serviceArguments], {
        serviceName: 'Assay service',
        stdio: 'inherit',
      }),
    cryptSecret: (operation, value) => cryptWithSafeStorage(safeStorage, process.platform, operation, value),
    onNotify: ({ title, body, path }) => {
      if (!Notification.isSupported()) return
      const notification = new Notification({ title, body })
      notification.on('click', () => follow(path))
      notification.show()
    },
    onFailure: (sentence) => {
      dialog.showErrorBox('Assay cannot go on', sentence)
      app.exit(1)
    },
    now: Date.now,
  })

  ipcMain.on(shellChannels.openPort, (event, message: unknown) => {
    const frame = event.senderFrame
    // The main frame of our own window, still showing our own page.
    if (frame === null || frame.parent !== null || event.sender.id !== window.webContents.id) return
    const request = portRequest.safeParse(message)
    if (!isOwnPage(frame.url) || !request.success) return
    const { port1, port2 } = new MessageChannelMain()
    service.openPort({ windowId: event.sender.id, ticket: request.data.ticket }, port1)
    frame.postMessage(shellChannels.port, { nonce: request.data.nonce }, [port2])
  })

  let isStopped = false
  app.on('second-instance', show)
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    if (isStopped) return
    event.preventDefault()
    void service.stop().then(() => {
      isStopped = true
      app.quit()
    })
  })

  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
      { role: 'editMenu' },
      { role: 'viewMenu' },
      { role: 'windowMenu' },
    ]),
  )
  addTray(electron, paths.icon, show)
  window.once('ready-to-show', () => window.show())
  void window.loadURL(pageUrl)
}

function addTray({ app, Menu, nativeImage, Tray }: ElectronParts, iconPath: string, show: () => void): void {
  const icon = nativeImage.createFromPath(iconPath)
  // Where the icon is missing, an invisible tray would help nobody.
  if (icon.isEmpty()) return
  const tray = new Tray(icon)
  tray.setToolTip('Assay')
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Open Assay', click: show },
      { type: 'separator' },
      { label: 'Quit', click: () => app.quit() },
    ]),
  )
  tray.on('click', show)
  // A tray that nothing refers to is collected, and its icon vanishes.
  app.once('quit', () => tray.destroy())
}
