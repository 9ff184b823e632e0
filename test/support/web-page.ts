/** The page of netkit web, served as netkit web does, in a browser. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startWebServer, type WebServer } from '../../src/node/web/server.ts'
import { loadWebPage } from '../../src/node/web-page.ts'
import { openPage, type WatchedPage } from './browser.ts'

export function serveWebPage(): Promise<WebServer> {
  return startWebServer({ token: false, ...loadWebPage() })
}

/** When everything has been loaded that ever will be. */
export async function openWebPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const watched = await openPage(browser, url, options)
  await watched.page.waitForLoadState('networkidle')
  return watched
}

/** As somebody who chooses files in the dialog. */
export async function choose(page: Page, ...files: string[]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(files)
}

/** As somebody who drags a file onto the page. */
export async function drop(page: Page, file: string, name = basename(file)): Promise<void> {
  const base64 = readFileSync(file).toString('base64')
  const transfer = await page.evaluateHandle(
    `(() => {
      const bytes = Uint8Array.from(atob(${JSON.stringify(base64)}), (character) => character.charCodeAt(0))
      const transfer = new DataTransfer()
      transfer.items.add(new File([bytes], ${JSON.stringify(name)}))
      return transfer
    })()`,
  )
  await page.locator('body').dispatchEvent('dragenter', { dataTransfer: transfer })
  await page.locator('body').dispatchEvent('drop', { dataTransfer: transfer })
}

/** What a button of "Save" gives. */
export async function saved(page: Page, button: string): Promise<{ readonly name: string; readonly text: string }> {
  const download = page.waitForEvent('download')
  await page.getByRole('group', { name: 'Save' }).getByRole('button', { name: button }).click()
  const file = await download
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') }
}
