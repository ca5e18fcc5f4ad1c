import type { Session, WebContents } from 'electron'
import { isOwnPage } from './page-scheme.ts'

/** The page is a stranger: it may go nowhere, open nothing and be granted nothing. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    // A reload of the page itself is a navigation too.
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

const ownOrigin = 'app://console/'

/** Refuses permissions and devices, and lets only what the page itself made be saved, where the person says. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${ownOrigin}`)) {
      event.preventDefault()
      return
    }
    const name = item.getFilename().replaceAll(/[^\p{L}\p{N}._ -]/gu, '_')
    item.setSaveDialogOptions({ title: 'Save', defaultPath: name })
  })
}
