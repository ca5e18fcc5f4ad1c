import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import * as electron from 'electron'
import { registerScheme, startShell } from './shell.ts'

const { app } = electron
const { values } = parseArgs({
  // Electron and the operating system add switches of their own.
  strict: false,
  args: process.argv.slice(app.isPackaged ? 1 : 2),
  options: { workspace: { type: 'string' }, demo: { type: 'boolean' } },
})
const isDemo = values.demo === true
const chosen = typeof values.workspace === 'string' ? resolve(values.workspace) : null
const workspace = chosen ?? join(app.getPath('userData'), isDemo ? 'demo' : 'workspace')

if (app.requestSingleInstanceLock({ workspace })) {
  registerScheme(electron)
  const here = import.meta.dirname
  const paths = {
    pageRoot: join(here, '../renderer'),
    preload: join(here, '../preload/index.cjs'),
    service: join(here, 'utility.js'),
    icon: join(here, '../../resources/icon.png'),
  }
  const serviceArguments = ['--workspace', workspace, ...(isDemo ? ['--demo'] : [])]
  // Not awaited: Electron becomes ready only after this module has run to its end.
  void app.whenReady().then(() => startShell(electron, paths, serviceArguments))
} else app.quit()
