/** A real browser, where there is one: Debian's Chromium, driven by playwright-core, which brings none. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const browserPath = PATHS.find((one) => existsSync(one))

/** Why tests with a browser cannot run; null when they can. */
export const missingBrowser = browserPath === undefined ? 'not installed: chromium (npm run test:tools)' : null

/** Without the services that a browser looks for at its start: nothing but the page is to ask for anything. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** `program` starts it, if something else than itself is to: in a network namespace, say. */
export function launchBrowser(program = browserPath!): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: ARGUMENTS })
}

export interface WatchedPage {
  readonly page: Page
  /** Addresses of all that was asked for. */
  readonly requests: string[]
  /** Errors, what the policy of the page forbade, and dialogs. */
  readonly complaints: string[]
}

export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const watched = watch(page)
  await page.goto(url)
  return watched
}

export function watch(page: Page): WatchedPage {
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  return { page, requests, complaints }
}
