/** Elements. Text gets into the page as text and by nothing else: no file of this folder sets markup from a string. */

type Child = Node | string | null | false

export interface Properties {
  readonly class?: string | null
  readonly onclick?: (event: MouseEvent) => void
  readonly oninput?: (event: Event) => void
  /** Anything else is an attribute; null and false leave it out, true has no value. */
  readonly [attribute: string]: unknown
}

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener)
    else element.setAttribute(name, value === true ? '' : String(value))
  }
  append(element, children)
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

export function svg(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Child[]
): SVGElement {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  append(element, children)
  return element
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== false) element.append(child)
}

/** These are the children, in this order, moved no more than it takes: what moves is scrolled back, and so is what has the focus. */
export function arrange(parent: Element, children: readonly Element[]): void {
  for (const child of [...parent.children]) if (!children.includes(child)) child.remove()
  const focused = document.activeElement
  for (const [i, child] of children.entries()) {
    if (parent.children[i] !== child) parent.insertBefore(child, parent.children[i] ?? null)
  }
  if (focused !== document.activeElement && focused instanceof HTMLElement) focused.focus({ preventScroll: true })
}

/** Hands a file to the person who looks at the page. */
export function saveFile(name: string, type: string, contents: string | Blob): void {
  const url = URL.createObjectURL(new Blob([contents], { type }))
  el('a', { href: url, download: name }).click()
  // The download begins in another turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** A colour of the theme, `--accent`, as a canvas takes it: the property itself is `light-dark(…)`, as it was written. */
export function themeColour(name: string, place: HTMLElement): string {
  place.style.color = `var(${name})`
  const { color } = getComputedStyle(place)
  place.style.color = ''
  return color
}
