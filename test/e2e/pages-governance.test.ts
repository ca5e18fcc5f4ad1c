import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityFaults, hasChromium, keepPicture, launchChromium } from '../support/browser.ts'
import { createGovernanceWorld, password } from './governance-world.ts'

if (!hasChromium) console.log('SKIPPED: the pages of governance in a browser: there is no Chromium')

const minuteMs = 60_000

describe.skipIf(!hasChromium)('the pages of governance, on a real service', () => {
  const complaints: string[] = []
  let world: Awaited<ReturnType<typeof createGovernanceWorld>>
  let browser: Browser
  let page: Page
  let token = ''

  beforeAll(async () => {
    world = await createGovernanceWorld()
    browser = await launchChromium()
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      reducedMotion: 'reduce',
    })
    page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      const isIcon = message.location().url.endsWith('/favicon.ico')
      if (message.type() === 'error' && !isIcon) complaints.push(message.text())
    })
    await page.goto(world.console.headless.server.newLaunchUrl())
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail')
      await keepPicture(page, `governance-failed-${task.name.slice(0, 40).replaceAll(/\W+/g, '-')}`)
  })

  const button = (name: string | RegExp, within: Page | Locator = page) =>
    within.getByRole('button', { name, exact: typeof name === 'string' })
  const dialog = (name: string | RegExp) => page.getByRole('dialog', { name })
  const region = (name: string | RegExp) => page.getByRole('region', { name, exact: typeof name === 'string' })
  const go = (name: string) => page.getByRole('navigation').getByRole('link', { name }).click()
  const summary = (text: string | RegExp) => region('Summary').getByText(text).waitFor()
  const choose = async (within: Locator, field: string | RegExp, option: string | RegExp) => {
    await within.getByRole('combobox', { name: field }).click()
    await page.getByRole('option', { name: option }).click()
  }
  async function signIn(login: string) {
    const account = page.getByRole('button', { name: /: account$/ })
    await page.getByText('Sign in to Test').or(account).first().waitFor()
    if (await account.isVisible()) {
      await account.click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
    }
    await page.getByLabel('Login').fill(login)
    await page.getByLabel('Password').fill(password)
    await button('Sign in').click()
    await page.getByRole('navigation').waitFor()
  }
  async function expectAccessible() {
    expect(await accessibilityFaults(page)).toEqual([])
  }
  /** Bottom of a dialog that signs: meaning, reason, password. */
  async function sign(within: Locator, meaning: string, reason: string, typed: string, confirm: string) {
    if (await within.getByRole('combobox', { name: 'Meaning of the signature' }).isVisible())
      await choose(within, 'Meaning of the signature', meaning)
    await within.getByLabel(/^Reason/).fill(reason)
    await within.getByLabel(/^Password of/).fill(typed)
    await button(confirm, within).click()
  }
  const push = (path: string, body: string) =>
    fetch(`http://127.0.0.1:${world.console.headless.server.port}/ingest/v1/${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body,
    })

  it('makes a push token that is shown once, and shows what it brings and what it refuses', async () => {
    await signIn('oriol')
    await go('Connections')
    await summary(/connections/)
    await expectAccessible()
    await button('Add a connection').click()
    await button(/^Push token/).click()
    const form = dialog('Make a push token')
    await form.getByLabel(/^Name/).fill('Camera box')
    expect(await form.getByLabel(/^Key/).inputValue()).toBe('camera-box')
    await form.getByText(/registers itself/).click()
    await expectAccessible()
    await button('Make the token', form).click()
    const shown = dialog('Your push token')
    token = (await shown.getByRole('region', { name: 'token' }).textContent()) ?? ''
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    await shown.getByText(`Authorization: Bearer ${token}`).waitFor()
    await button('I have copied it', shown).click()

    const startedAt = Date.now() - 6 * 60 * minuteMs
    const points = Array.from({ length: 360 }, (_, index) => ({
      at: startedAt + index * minuteMs,
      // Light stands still from the second hour on.
      values: {
        temperature: 20 + Math.sin(index / 30) + (index % 7) / 50,
        light: index < 60 ? 300 + (index % 11) : 119.5,
      },
    }))
    const taken = await push('devices/camera-1/telemetry', JSON.stringify(points))
    expect([taken.status, await taken.json()]).toMatchObject([202, {}])
    await push('devices/camera-1/telemetry', '{"at": broken')

    const letters = page.getByRole('grid', { name: 'dead letters' })
    await letters.getByRole('row', { name: /Not JSON/ }).click()
    await button('Hex', dialog('Not JSON')).click()
    await dialog('Not JSON')
      .getByText(/^000000 {2}7b 22 61 74/)
      .waitFor()
    await expectAccessible()
    await button('Close').click()
    await page
      .getByRole('grid', { name: 'connections' })
      .getByRole('row', { name: /Camera box.*720/ })
      .waitFor()
  })

  it('tries an endpoint before it is saved', async () => {
    await button('Add a connection').click()
    await button(/^Inference endpoint/).click()
    const form = dialog(/^Add: Inference endpoint/)
    await form.getByLabel(/^Name/).fill('Second look')
    await form.getByLabel(/^Base address/).fill('http://127.0.0.1:9')
    await form.getByLabel(/^Model’s name there/).fill('cat-dog')
    await button('Test', form).click()
    await form.getByText('It does not work').waitFor()
    await button('Save without a passed test', form).waitFor()
    await form.getByLabel(/^Base address/).fill(world.testServerUrl)
    await form.getByText(/changed since: test again/).waitFor()
    await button('Test', form).click()
    await form.getByText('The model cat-dog is ready').waitFor()
    await form.getByText(/FP32/).first().waitFor()
    await expectAccessible()
    await button('Save', form).click()
    await page.getByRole('heading', { name: 'Second look' }).waitFor()
    await region('Set up as').getByText(world.testServerUrl).waitFor()
    await expectAccessible()
  })

  it('shows a device, its channels on one axis, and what is declared of them', async () => {
    await go('Devices')
    await page.getByRole('grid', { name: 'devices' }).getByRole('link', { name: 'camera-1' }).click()
    await page.getByRole('heading', { name: 'camera-1' }).waitFor()
    await page.getByRole('img', { name: /^temperature over time\. temperature: 360 points/ }).waitFor()
    await button('Edit channel light').click()
    const form = dialog('Channel light')
    await form.getByLabel('Unit').first().fill('lx')
    await form.getByLabel('Range from').fill('5')
    await form.getByLabel('Range to').fill('1')
    await form.getByText('The upper end must be higher').waitFor()
    await form.getByLabel('Range from').fill('0')
    await form.getByLabel('Range to').fill('2000')
    await form.getByLabel('Stuck when unchanged for').fill('3600')
    await expectAccessible()
    // Somebody else changes the device meanwhile: nothing is overwritten, and what was typed stays.
    const [device] = await world.console.call('devices.names', {})
    const { device: base } = await world.console.call('devices.get', { id: device.id })
    const { id: _id, createdAt: _createdAt, ...draft } = base.record
    await world.console.call('devices.save', {
      id: device.id,
      revision: base.revision,
      device: { ...draft, site: 'North gate' },
    })
    await button('Save the channel', form).click()
    await form.getByText('Somebody changed this meanwhile.').waitFor()
    await button('Load the newest', form).click()
    expect(await form.getByLabel('Range to').inputValue()).toBe('2000')
    await button('Save the channel', form).click()
    await form.waitFor({ state: 'hidden' })
    await page
      .getByRole('grid', { name: 'channels' })
      .getByRole('row', { name: /light.*lx.*0 to 2,000.*1 h/ })
      .waitFor()
    await region('Device').getByText('North gate').waitFor()
    await expectAccessible()
  })

  it('runs a monitor, and its alert is decided on', async () => {
    await signIn('paula')
    await go('Policies')
    await page.getByRole('tab', { name: 'Monitors' }).click()
    const monitors = page.getByRole('grid', { name: 'monitors' })
    await monitors.getByRole('row', { name: /camera-1/ }).waitFor()
    await expectAccessible()
    await monitors
      .getByRole('row', { name: /camera-1/ })
      .getByRole('button', { name: /^Run .* now$/ })
      .click()
    await go('Alerts')
    await page.getByRole('grid', { name: 'alerts' }).getByRole('link', { name: /stuck/i }).first().waitFor()
    await summary(/waits? for a decision.*critical/)
    await expectAccessible()
    await page.getByRole('grid', { name: 'alerts' }).getByRole('link', { name: /stuck/i }).first().click()
    await region('Summary')
      .getByText(/119\.5/)
      .waitFor()
    await button('Acknowledge').click()
    await button('Acknowledge', dialog('Acknowledge the alert')).click()
    await region('Alert').getByText('Acknowledged').waitFor()
    await page.getByLabel('Comment').fill('The sensor is wet.')
    await button('Add the comment').click()
    const history = region('What happened')
    await history.getByText('The sensor is wet.').waitFor()
    await history.getByText('acknowledged it').waitFor()
    await expectAccessible()
    await button('Resolve').click()
    const form = dialog('Resolve the alert')
    await form.getByText(/^Something was done/).click()
    await form.getByLabel(/^Reason/).fill('The sensor was dried and put back')
    await button('Resolve', form).click()
    await summary(/^.*Resolved at .*: something was done/)
    await keepPicture(page, 'governance-alert')
  })

  it('changes a limit only with its back-test and a reason', async () => {
    await signIn('quim')
    await go('Policies')
    await choose(page.locator('main'), 'About', 'camera-1')
    await summary(/camera-1 is held to \d+ default limits/)
    await button('Change the limits').click()
    await button('Edit the limit on stuck spans').click()
    const form = dialog('Edit the limit')
    await form.getByLabel(/^Limit \(breach\)/).fill('2')
    await form.getByText(/stuck spans must be at most 2; past it at once is critical/).waitFor()
    await expectAccessible()
    await button('Take over', form).click()
    await region('Back-test')
      .getByText(/alerts? silenced/)
      .waitFor()
    await page.getByText('Changed: stuck spans from at most 0 to at most 2.').waitFor()
    const save = button('Save as version 1')
    expect(await save.getAttribute('aria-disabled')).toBe('true')
    await page.getByLabel(/^Reason/).fill('Fog makes it stand still now and then')
    await expectAccessible()
    await save.click()
    await region('History').getByText('Quim: Fog makes it stand still now and then').waitFor()
    await summary(/version 1 by Quim/)
    await expectAccessible()
  })

  it('writes a test plan', async () => {
    await go('Releases')
    await page.getByRole('link', { name: 'Test plans' }).click()
    await summary(/Cat or dog has no test plan/)
    await page.getByRole('link', { name: 'New test plan' }).click()
    const main = page.locator('main')
    await main.getByLabel(/^Name/).fill('Park acceptance')
    await choose(main, 'Model', 'Cat or dog')
    await choose(main, 'Test set', /Park test/)
    await button('The usual gates').click()
    await region('7 gates').waitFor()
    await button('Remove gate Copes with missing inputs').click()
    await button('Add a gate').click()
    await page.getByRole('menuitem', { name: /^Missing inputs/ }).click()
    await region('7 gates').waitFor()
    await main.getByLabel(/^Requests a second/).fill('40')
    await main.getByLabel(/^Quantile/).fill('0.9')
    await main
      .getByLabel(/^Limit/)
      .last()
      .fill('2000')
    await expectAccessible()
    await main.getByLabel(/^Reason/).fill('The first plan')
    await button('Save the plan').click()
    await summary(/Revision 1: 7 gates/)
  })

  it('submits a release, tests it through the wire, and says what is not allowed', async () => {
    await signIn('oriol')
    await go('Releases')
    await button('Submit a release').click()
    const form = dialog('Submit a release')
    await form.getByText('2.0', { exact: true }).waitFor()
    await form.getByText(/Park acceptance \(revision 1, 7 gates\)/).waitFor()
    await form.getByLabel(/^Reason/).fill('Knows the new breed')
    await expectAccessible()
    await button('Submit', form).click()
    await summary(/waits to be tested against 7 gates/)
    const certify = button('Certify')
    expect(await certify.getAttribute('aria-disabled')).toBe('true')
    await region('What you can do').getByText('This is for the role QA expert').first().waitFor()
    await expectAccessible()
    await button('Run the tests').click()
    await button('Run the tests', dialog('Run the tests')).click()
    await summary(/passed all 7 gates/)
    const gates = page.getByRole('table', { name: 'gates' })
    await gates
      .getByText(/accuracy 0\.\d+ \(0\.\d+ to 0\.\d+\)/i)
      .first()
      .waitFor()
    expect(await gates.getByText('Passed', { exact: true }).count()).toBe(7)
    await expectAccessible()
  })

  it('is certified with a signature that this page checks, and each step leaves a proof', async () => {
    await signIn('quim')
    await go('Releases')
    await page.getByRole('grid', { name: 'releases' }).getByRole('link', { name: 'Cat or dog 2.0' }).click()
    await button('Certify').click()
    const form = dialog('Certify Cat or dog 2.0')
    await form.getByText('Park acceptance, revision 1').waitFor()
    await form.getByText('size: −10 to 10 cm').waitFor()
    await form.getByText('model.onnx').waitFor()
    await expectAccessible()
    await sign(form, 'I reviewed the evidence', 'All gates are closed', 'a wrong password', 'Sign the certificate')
    await form.getByText('It was not signed').waitFor()
    expect(await form.getByLabel(/^Reason/).inputValue()).toBe('All gates are closed')
    await sign(form, 'I reviewed the evidence', 'All gates are closed', password, 'Sign the certificate')
    await summary(/is certified by Quim, valid until/)
    await button(/^certified: show the proof/)
      .first()
      .click()
    await dialog(/^Certificate of/)
      .getByText('The signature holds')
      .waitFor()
    await expectAccessible()
    await button('Close').click()
    await region('Receipts').getByText('Certificate signed').waitFor()
    await region('Receipts')
      .getByRole('button', { name: /^log entry .*: show the proof/ })
      .last()
      .click()
    await dialog(/^Proof of log entry/)
      .getByText('The proof holds')
      .waitFor()
    await expectAccessible()
    await button('Close').click()
  })

  it('is approved and released through a connection', async () => {
    await world.console.call('connections.save', {
      id: null,
      revision: null,
      connection: {
        key: 'deploy',
        name: 'Deploy step',
        isEnabled: true,
        config: {
          kind: 'http-action',
          method: 'POST',
          url: `${world.deployOrigin}/deploy`,
          headers: {},
          bodyTemplate: '{"version": {{targetVersionName}}}',
          auth: { kind: 'none' },
          hmacSecret: null,
          poll: null,
          timeoutMs: 10_000,
        },
      },
    })
    await signIn('paula')
    await go('Releases')
    await page.getByRole('grid', { name: 'releases' }).getByRole('link', { name: 'Cat or dog 2.0' }).click()
    await button('Approve').click()
    const approval = dialog('Approve Cat or dog 2.0')
    await approval.getByText(/Quim, .*: All gates are closed/).waitFor()
    await sign(approval, 'I approve it for production', 'Fit for the park', password, 'Sign the approval')
    await summary(/is certified and approved by Paula/)
    await button('Release').click()
    const form = dialog('Release 2.0 to production')
    await form.getByText('Deploy step').waitFor()
    await form.getByLabel(/^Reason/).fill('Fit to go')
    await button('Release', form).click()
    await summary(/is in production since/)
    await region('Carried out').getByText('Succeeded', { exact: true }).waitFor()
    await expectAccessible()
    await keepPicture(page, 'governance-release')
  })

  it('hands the auditor one file, and proves the log', async () => {
    await go('Audit')
    await summary(/The log is intact: the service recomputed the hashes of all \d+ entries/)
    await page
      .getByRole('grid', { name: 'audit log' })
      .getByRole('row', { name: /Paula Approved/ })
      .click()
    const entry = dialog(/^Log entry/)
    await entry.getByText('Fit for the park').first().waitFor()
    await entry.getByText('The proof holds').waitFor()
    await entry.getByRole('img', { name: /^Path of \d+ steps from entry/ }).waitFor()
    await expectAccessible()
    await button('Close').click()
    await button('Export for the auditor').click()
    const form = dialog('Export for the auditor')
    await form.getByLabel(/Cat or dog 2\.0/).check()
    await form.getByLabel(/^Title/).fill('Park 2.0')
    await form.getByLabel(/^Reason/).fill('Yearly audit')
    await button('Build the file', form).click()
    await form.getByText('The file is ready: park-2-0.assay').waitFor({ timeout: 120_000 })
    await expectAccessible()
    const download = page.waitForEvent('download')
    await button('Save the file', form).click()
    const path = join(world.folder, 'export.assay')
    await (await download).saveAs(path)
    expect((await readFile(path)).subarray(0, 2).toString()).toBe('PK')
    await button('Cancel', form).click()
    await expectAccessible()
  })

  it('lets administrators settle who may do what, and tells the others why not', async () => {
    await signIn('vera')
    await go('Settings')
    await summary(/Quim is the only QA expert/)
    const add = button('Add a person')
    expect(await add.getAttribute('aria-disabled')).toBe('true')
    // Whoever comes by keyboard is told why.
    await page.keyboard.press('Tab')
    await add.focus()
    await page.getByRole('tooltip').getByText('This is for the role administrator').waitFor()
    await button('Dark', region('Appearance')).click()
    await page.mouse.move(0, 0)
    await expectAccessible()
    await button('As the system', region('Appearance')).click()

    await signIn('ada')
    await go('Settings')
    await button('Add a person').click()
    const form = dialog('Add a person')
    await form.getByLabel(/^Name/).fill('Rosa')
    await form.getByLabel(/^Login/).fill('rosa')
    await form.getByLabel(/^QA expert/).check()
    await form.getByLabel(/^First password/).fill('short')
    expect(await button('Add', form).isDisabled()).toBe(true)
    await form.getByLabel(/^First password/).fill(password)
    await expectAccessible()
    await button('Add', form).click()
    await page.getByRole('grid', { name: 'people' }).getByRole('row', { name: /Rosa/ }).waitFor()
    await region('Workspace').getByLabel('Name').fill('Pet park')
    await button('Save: Workspace').click()
    await region('Workspace').getByText('Saved').waitFor()
    await page.getByRole('banner').getByText('Pet park').waitFor()
  })

  it('can be used by everybody in the dark on a small screen: settings with the qualification, devices, one of them', async () => {
    await signIn('oriol')
    await page.setViewportSize({ width: 1024, height: 700 })
    await go('Settings')
    await region('Qualification of the engine').waitFor()
    await button('Dark', region('Appearance')).click()
    await page.mouse.move(0, 0)
    await expectAccessible()
    await go('Devices')
    await page.getByRole('grid', { name: 'devices' }).getByRole('link').first().waitFor()
    await expectAccessible()
    await page.getByRole('grid', { name: 'devices' }).getByRole('link').first().click()
    await region('Channels').waitFor()
    await expectAccessible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('complained of nothing', () => expect(complaints).toEqual([]))
})
