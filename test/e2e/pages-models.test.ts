import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openConsole } from '../../src/server/compose.ts'
import { type HeadlessConsole, startHeadless } from '../../src/server/headless-program.ts'
import { hasChromium, launchChromium } from '../support/browser.ts'
import { buildPage } from '../support/build-page.ts'
import { createRecordingLog } from '../support/rpc.ts'

if (!hasChromium) console.log(`SKIPPED: the pages in a browser: there is no Chromium`)

const hourMs = 3_600_000
const columns = ['warmth', 'light', 'zone'] as const
type Row = { id: string; at: number; warmth: number; light: number; zone: string; prediction: string; label: string }

/** Rows of a room that is `yes` (occupied) when light is above 50, from a fixed sequence so that every count is known. */
function makeRows(count: number, options: { from: number; stepMs: number; lightShift: number }): Row[] {
  let state = 12_345
  const random = () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return Array.from({ length: count }, (_, index) => {
    const light = 100 * random()
    const zone = index % 4 === 0 ? 'north' : 'south'
    const label = light > 50 ? 'yes' : 'no'
    // In the north it errs four times in ten, elsewhere once in fifty.
    const isWrong = zone === 'north' ? index % 20 < 8 : index % 50 === 1
    return {
      id: `row-${options.from}-${index}`,
      at: options.from + index * options.stepMs,
      warmth: 18 + 4 * random(),
      light: light + options.lightShift,
      zone,
      prediction: isWrong ? (label === 'yes' ? 'no' : 'yes') : label,
      label,
    }
  })
}

function csvOf(rows: readonly Row[], isLabelled: boolean): string {
  const header = ['id', 'time', ...columns, 'prediction', ...(isLabelled ? ['label'] : [])]
  const lines = rows.map((row) =>
    [
      row.id,
      new Date(row.at).toISOString(),
      row.warmth.toFixed(3),
      row.light.toFixed(3),
      row.zone,
      row.prediction,
      ...(isLabelled ? [row.label] : []),
    ].join(','),
  )
  return `${[header.join(','), ...lines].join('\n')}\n`
}

describe.skipIf(!hasChromium)('the pages about models, on a workspace that is empty at first', () => {
  const log = createRecordingLog()
  /** What the browser complained of: broken policies, errors, failed requests. */
  const complaints: string[] = []
  let folder: string
  let browser: Browser
  let context: BrowserContext
  let headless: HeadlessConsole
  let page: Page
  const startedAt = Date.now()
  const current = makeRows(1200, { from: startedAt - 20 * hourMs, stepMs: 50_000, lightShift: 60 })
  const wrong = current.filter(({ prediction, label }) => prediction !== label)
  const accuracy = 1 - wrong.length / current.length

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-pages-'))
    await buildPage(join(folder, 'page'))
    headless = await startHeadless({
      workspacePath: join(folder, 'workspace'),
      isDemo: false,
      port: 0,
      staticRoot: join(folder, 'page'),
      workerEntry: new URL('../../src/server/worker.ts', import.meta.url),
      log,
      openConsole,
    })
    browser = await launchChromium()
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      const isIcon = message.location().url.endsWith('/favicon.ico')
      if (message.type() === 'error' && !isIcon) complaints.push(message.text())
    })
    await page.goto(headless.server.newLaunchUrl())
  })
  afterAll(async () => {
    await browser?.close()
    await headless?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const main = () => page.getByRole('main')
  const press = (name: string | RegExp) =>
    page
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click()
  const openTab = (name: string) => page.getByRole('tab', { name }).click()
  const choose = async (field: string, option: string | RegExp) => {
    await page.getByRole('combobox', { name: field }).click()
    await page.getByRole('option', { name: option }).click()
  }
  /** Asks a question about the window chosen, and waits for an answer given by hand. */
  async function ask(section: string) {
    const panel = page.getByRole('region', { name: section, exact: true })
    await panel.getByRole('button', { name: 'Ask about this window' }).click()
    await panel.getByText(/by hand · window/).waitFor()
    return panel
  }
  async function expectAccessible() {
    const { violations } = await new AxeBuilder({ page }).exclude('[role=tooltip]').analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([])
  }
  async function chooseFile(name: string, text: string): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, text)
    await page.locator('input[type=file]').setInputFiles(path)
    const digest = createHash('sha256').update(text).digest('hex')
    await page.locator(`code[title="${digest}"]`).waitFor()
    return digest
  }

  it('sets the workspace up and says how to begin', async () => {
    await page.getByLabel('Name of the workspace').fill('House')
    await page.getByLabel('Your name').fill('Ada')
    await page.getByLabel('Login').fill('ada')
    await page.getByLabel(/^Password(\s\*)?$/).fill('short')
    expect(await page.getByRole('button', { name: 'Set up and sign in' }).isDisabled()).toBe(true)
    await page.getByLabel(/^Password(\s\*)?$/).fill('correct horse battery')
    await page.getByLabel('Password again').fill('correct horse battery')
    await expectAccessible()
    await press('Set up and sign in')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.getByText(/Nothing is watched yet/).waitFor()
    await expectAccessible()
  })

  it('signs out and in again, and says why not', async () => {
    await page.getByRole('button', { name: /Ada, administrator/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to House' }).waitFor()
    await expectAccessible()
    await page.getByLabel('Login').fill('ada')
    await page.getByLabel('Password').fill('wrong')
    await press('Sign in')
    await page.getByText('The name or the password is wrong').waitFor()
    await page.getByLabel('Password').fill('correct horse battery')
    await press('Sign in')
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
  })

  it('creates a model', async () => {
    await page.getByRole('link', { name: 'Create a model' }).click()
    const dialog = page.getByRole('dialog', { name: 'New model' })
    await dialog.getByLabel('Name').fill('Room occupied')
    await dialog.getByLabel('Key').fill('no spaces!')
    await dialog.getByText(/expected 1 to 64 letters/).waitFor()
    await dialog.getByLabel('Key').fill('room')
    await press('Create the model')
    await page.getByRole('heading', { name: 'Room occupied' }).waitFor()
    await page.getByText('No versions yet').waitFor()
    await expectAccessible()
  })

  it('imports a reference data set, row errors named', async () => {
    const reference = makeRows(1000, { from: startedAt - 60 * 24 * hourMs, stepMs: 60_000, lightShift: 0 })
    const text = csvOf(reference, true)
      .replace(/^(row-\d+-7,[^,]*),[^,]*,/m, '$1,warm,')
      .replace(/^(row-\d+-8,.*),[^,]*$/m, '$1')
    await press('Import a file')
    const dialog = page.getByRole('dialog', { name: /Import a file/ })
    await chooseFile('reference.csv', text)
    await dialog.getByText('999 rows of CSV, 7 columns; 1 row cannot be read and will be left out').waitFor()
    await dialog
      .getByRole('grid', { name: 'Rows that cannot be read' })
      .getByText('the row has 6 values, the header has 7')
      .waitFor()
    const readAs = dialog.getByRole('combobox', { name: 'Role of label', exact: true })
    expect(await readAs.textContent()).toBe('label')
    // What a person may change is changed, and what cannot be is said.
    await choose('Role of zone', 'label')
    await dialog.getByText('2 columns are read as label: only one can be').waitFor()
    expect(await dialog.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true)
    await choose('Role of zone', 'group')
    await expectAccessible()
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog.getByText(/^999 rows stored; 2 errors, the first in row 10: the row has 6 values/).waitFor()
    await press('Close')
    const table = main().getByRole('grid', { name: 'Data sets' })
    await table.getByRole('row', { name: /reference.*999.*7/ }).waitFor()
  })

  it('registers a version: schema from the data set, a file by its digest', async () => {
    await press(/^Register a version$/)
    const dialog = page.getByRole('dialog', { name: /Register a version/ })
    await dialog.getByLabel('Version', { exact: false }).first().fill('1.0.0')
    const notes = 'a threshold on light at 50\n'
    const path = join(folder, 'notes.txt')
    await writeFile(path, notes)
    await page.locator('input[type=file]').setInputFiles(path)
    await dialog.locator(`code[title="${createHash('sha256').update(notes).digest('hex')}"]`).waitFor()
    await dialog.getByRole('button', { name: 'Take the columns of' }).click()
    await page.getByRole('menuitem', { name: /Data set reference, 3 columns/ }).click()
    await dialog.getByLabel('Classes').fill('no, yes')
    await choose('Positive class', 'yes')
    await dialog.getByLabel('Largest plausible warmth').fill('30')
    await dialog.getByLabel('Least plausible warmth').fill('10')
    await choose('Reference data set', /reference/)
    // As JSON, what is wrong is said where it is; back in the form stands what could be read.
    await dialog.getByRole('button', { name: 'JSON' }).click()
    const json = dialog.getByLabel('Schema as JSON')
    const written = await json.inputValue()
    await json.fill(written.replace('"numeric"', '"number"'))
    await dialog.getByText(/columns\.0 \(warmth\)\.type: /).waitFor()
    await json.fill(written)
    await expectAccessible()
    await dialog.getByRole('button', { name: 'Form' }).click()
    await press('Register the version')
    await dialog.waitFor({ state: 'hidden' })
    await page.getByRole('region', { name: 'Files' }).getByText('notes.txt').waitFor()
    await page.getByRole('region', { name: 'Schema' }).getByText('10 to 30').waitFor()
    await expectAccessible()
  })

  it('deploys it, and imports what it predicted', async () => {
    await press('New deployment')
    await page.getByRole('dialog').getByLabel('Key').fill('room-main')
    await page.getByRole('dialog').getByLabel('Name').fill('Main room')
    await press('Create the deployment')
    await page.getByRole('region', { name: 'Main room, production' }).waitFor()

    await press('Import a file')
    const dialog = page.getByRole('dialog', { name: /Import a file/ })
    await choose('The file holds', 'Predictions')
    await chooseFile('current.csv', csvOf(current, true))
    await dialog.getByText('1,200 rows of CSV, 7 columns').waitFor()
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog.getByText('Imported', { exact: true }).waitFor()
    await press('Close')
  })

  it('measures performance to the digit', async () => {
    await openTab('Performance')
    await page.getByRole('button', { name: '24 h' }).click()
    const panel = await ask('Performance')
    const figures = panel.getByRole('region', { name: 'Key figures' })
    await figures.getByText(accuracy.toFixed(3)).first().waitFor()
    await figures.getByText('1,200 of 1,200 samples labelled (100.0 %)', { exact: false }).waitFor()
    const confusion = panel.getByRole('region', { name: 'Confusion' })
    await confusion.getByRole('button', { name: 'Show as table' }).click()
    const count = (label: string, prediction: string) =>
      current.filter((row) => row.label === label && row.prediction === prediction).length
    await confusion.getByRole('row', { name: `no ${count('no', 'no')} ${count('no', 'yes')}`, exact: true }).waitFor()
    await confusion
      .getByRole('row', { name: `yes ${count('yes', 'no')} ${count('yes', 'yes')}`, exact: true })
      .waitFor()
    await panel.getByRole('img', { name: /^accuracy over time/ }).waitFor()
    await expectAccessible()
  })

  it('names the column that drifted, and no other', async () => {
    await openTab('Drift')
    const panel = await ask('Drift')
    const table = panel.getByRole('grid', { name: 'Columns by effect' })
    const drifted = table.getByRole('row', { name: /Drifted/ })
    await expect.poll(() => drifted.count(), { timeout: 10_000 }).toBe(1)
    expect(await drifted.first().textContent()).toContain('light')
    await panel.getByRole('region', { name: 'light', exact: true }).getByRole('img').first().waitFor()
    await table.getByRole('row', { name: /warmth/ }).click()
    await panel.getByRole('region', { name: 'warmth', exact: true }).waitFor()
    expect(new URL(page.url()).hash).toContain('column=warmth')
    await expectAccessible()
  })

  it('sees whole data, fair and unfair treatment, and what decides', async () => {
    await openTab('Integrity')
    const integrity = await ask('Integrity')
    await integrity
      .getByRole('grid', { name: 'Columns with their faults' })
      .getByRole('row', { name: /OK warmth/ })
      .waitFor()
    await expectAccessible()

    await openTab('Bias and fairness')
    const fairness = await ask('Fairness')
    const groups = fairness.getByRole('grid', { name: 'Rates by group' })
    await groups.getByRole('row', { name: /zone north 300 300/ }).waitFor()
    await groups.getByRole('row', { name: /zone south 900 900/ }).waitFor()
    await ask('Prediction bias')
    await expectAccessible()

    await openTab('Explanation')
    const explanation = await ask('Explanation')
    await explanation.getByRole('region', { name: 'Importance by column' }).getByRole('img').waitFor()
    await expectAccessible()
  })

  it('finds where the errors are, and shows the very samples', async () => {
    await openTab('Errors')
    const panel = await ask('Error slices')
    const worst = panel
      .getByRole('grid', { name: 'Worst slices' })
      .getByRole('row', { name: /Confirmed zone is north/ })
    await worst.waitFor()
    await expectAccessible()
    await worst.click()
    const table = page.getByRole('grid', { name: 'Samples' })
    const inSlice = wrong.filter(({ zone }) => zone === 'north').length
    await page.getByText(`${inSlice} in the slice, of ${wrong.length} looked at`).waitFor()
    await table.getByRole('row').nth(1).click()
    const drawer = page.getByRole('dialog', { name: /^Sample row-/ })
    await drawer.getByText('wrong', { exact: true }).waitFor()
    await drawer.getByText('north').waitFor()
    await expectAccessible()
    await page.keyboard.press('ArrowDown')
    await expect
      .poll(() => drawer.getByRole('button', { name: 'Previous' }).isEnabled(), { timeout: 10_000 })
      .toBe(true)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'hidden' })
    expect(await table.getByRole('row', { name: /right/ }).count()).toBe(0)
  })

  it('labels by keyboard, takes one back, and sends the rest', async () => {
    await openTab('Lineage')
    await press('Import a file')
    const dialog = page.getByRole('dialog', { name: /Import a file/ })
    await choose('The file holds', 'Predictions')
    const unlabelled = makeRows(12, { from: startedAt - hourMs, stepMs: 60_000, lightShift: 60 })
    await chooseFile('unlabelled.csv', csvOf(unlabelled, false))
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog.getByText('Imported', { exact: true }).waitFor()
    await press('Close')

    await page.getByRole('link', { name: 'Review' }).click()
    await choose('Which first', 'Drawn at random')
    await page.getByText(/only such labels give an honest estimate/).waitFor()
    await page.getByText('1 of 12; 0 done').waitFor()
    await expectAccessible()
    for (const key of ['1', '2', '2', 's']) await page.keyboard.press(key)
    await page.getByText('5 of 12; 4 done').waitFor()
    for (const key of ['u', 'u']) await page.keyboard.press(key)
    await page.getByText('3 of 12; 2 done').waitFor()
    // Leaving would forget them: it asks.
    await page.getByRole('link', { name: 'Overview' }).click()
    const leaving = page.getByRole('dialog', { name: 'Leave without sending 2 labels?' })
    await leaving.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Send 2 labels' }).click()
    await page.getByText('2 labels stored.').waitFor()
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
  })

  it('tells on the overview how it is, reachable by keyboard and palette', async () => {
    await page
      .getByRole('list', { name: 'Deployments in production' })
      .getByRole('link', { name: 'Main room' })
      .waitFor()
    await expectAccessible()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Command' }).fill('Main room')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Room occupied' }).waitFor()
    await page.setViewportSize({ width: 1024, height: 700 })
    await page.getByRole('button', { name: 'Switch to the dark colour scheme' }).click()
    for (const tab of ['Performance', 'Drift', 'Bias and fairness', 'Lineage']) {
      await openTab(tab)
      await page
        .getByRole('status', { name: /^Loading/ })
        .first()
        .waitFor({ state: 'detached' })
      await expectAccessible()
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  })

  it('left nothing broken behind', () => {
    expect(complaints).toEqual([])
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})
