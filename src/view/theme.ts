/** Light or dark: as the system has it, until somebody says otherwise. Paper is light. */
import { el } from './dom.ts'

export function createThemeToggle(onChange: () => void, signal: AbortSignal): HTMLElement {
  const root = document.documentElement
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const current = () => root.dataset.theme ?? (dark.matches ? 'dark' : 'light')
  const button = el('button', {
    type: 'button',
    class: 'theme',
    onclick: () => set(current() === 'dark' ? 'light' : 'dark'),
  })
  function show(): void {
    button.textContent = current() === 'dark' ? 'Light' : 'Dark'
    button.setAttribute('aria-label', `Use ${current() === 'dark' ? 'light' : 'dark'} colours`)
    onChange()
  }
  function set(theme: string | undefined): void {
    if (theme === undefined) delete root.dataset.theme
    else root.dataset.theme = theme
    show()
  }
  let before: string | undefined
  const onPaper = () => {
    before = root.dataset.theme
    set('light')
  }
  addEventListener('beforeprint', onPaper, { signal })
  addEventListener('afterprint', () => set(before), { signal })
  dark.addEventListener('change', show, { signal })
  show()
  return button
}
