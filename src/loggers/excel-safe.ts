/**
 * Text that a spreadsheet would take for a formula → the same behind an apostrophe, which makes it text: OWASP, "CSV
 * Injection". A name of a host or an interface is whatever somebody chose, such as `=cmd|' /C calc'!A0`.
 *
 * The full-width forms are those that Excel of Japan and China takes for the same.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

export function excelSafe(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text
}
