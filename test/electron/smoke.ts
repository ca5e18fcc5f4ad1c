// Opens the built console in real Electron, where its binary and a display are; otherwise says why it does not.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron } from 'playwright'

const root = resolve(import.meta.dirname, '../..')
const pathFile = join(root, 'node_modules/electron/path.txt')
const binary = existsSync(pathFile)
  ? join(root, 'node_modules/electron/dist', readFileSync(pathFile, 'utf8').trim())
  : null

function obstacle(): string | null {
  if (binary === null || !existsSync(binary)) return "Electron's binary is not installed"
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'there is no display'
  return existsSync(join(root, 'out/main/index.js')) ? null : 'the console is not built'
}

const reason = obstacle()
if (reason !== null || binary === null) console.log(`SKIPPED: Electron smoke test: ${reason}`)
else {
  const workspace = await mkdtemp(join(tmpdir(), 'assay-electron-'))
  // Chromium refuses its sandbox to root, which some test machines are.
  const rootSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const shell = await _electron.launch({
    executablePath: binary,
    args: [...rootSwitches, root, '--workspace', workspace],
  })
  try {
    const page = await shell.firstWindow()
    await page.waitForSelector('#root > *')
    assert.equal(new URL(page.url()).protocol, 'app:')
    const reached = await page.evaluate(() => ({
      require: typeof Reflect.get(globalThis, 'require'),
      process: typeof Reflect.get(globalThis, 'process'),
      assay: Object.keys(Reflect.get(globalThis, 'assay')),
    }))
    assert.deepEqual(reached, { require: 'undefined', process: 'undefined', assay: ['openPort'] })
    console.log('The console opens in Electron')
  } finally {
    await shell.close()
    await rm(workspace, { recursive: true, force: true })
  }
}
