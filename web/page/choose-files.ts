/** Files from a dialog, or dropped anywhere on the page. */
import { el } from '../../src/view/dom.ts'

/** A button that opens the dialog of the system. */
export function createFileButton(text: string, className: string, onFiles: (files: File[]) => void): HTMLElement {
  const input = el('input', { type: 'file', multiple: true, hidden: true, 'aria-hidden': 'true', tabindex: '-1' })
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    // The same file again is a change too.
    input.value = ''
    if (files.length > 0) onFiles(files)
  })
  const button = el('button', { type: 'button', class: className, onclick: () => input.click() }, text)
  return el('span', { class: 'choose' }, button, input)
}

/** While files are dragged over the page its body has the class `dropping`. */
export function listenForDrops(onFiles: (files: File[]) => void): void {
  const { body } = document
  const isOfFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
  let depth = 0
  const count = (change: number) => {
    depth = Math.max(0, depth + change)
    body.classList.toggle('dropping', depth > 0)
  }
  addEventListener('dragenter', (event) => isOfFiles(event) && count(1))
  addEventListener('dragleave', (event) => isOfFiles(event) && count(-1))
  addEventListener('dragover', (event) => {
    if (!isOfFiles(event)) return
    event.preventDefault()
    event.dataTransfer!.dropEffect = 'copy'
  })
  addEventListener('drop', (event) => {
    if (!isOfFiles(event)) return
    event.preventDefault()
    count(-depth)
    const files = [...event.dataTransfer!.files]
    if (files.length > 0) onFiles(files)
  })
}
