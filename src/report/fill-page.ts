/** The page that scripts/build-view.js made, with places for what is of one capture → a report, in pieces. */
import type { ReportData } from './report-data.ts'

const PLACE = /<!--netkit:(title|text|data)-->/

export interface PageContents {
  readonly title: string
  /** The report for a browser that runs no scripts. */
  readonly text: string
  readonly data: ReportData
}

export function fillPage(page: string, { title, text, data }: PageContents): string[] {
  const contents = { title: escapeHtml(title), text: escapeHtml(text), data: escapeJson(JSON.stringify(data)) }
  return page.split(PLACE).map((part, i) => (i % 2 === 0 ? part : contents[part as keyof typeof contents]))
}

/** For the text of elements; everything that could be markup, or act on a terminal that shows the file. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** Nothing ends the script element, or begins a comment in it: HTML, "Restrictions for contents of script elements". */
function escapeJson(json: string): string {
  return json.replaceAll('<', '\\u003c')
}
