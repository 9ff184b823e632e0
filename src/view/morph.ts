/**
 * Elements as they should be → the elements that are there, by changing what differs. So whatever has the focus, is selected or
 * scrolled stays so, and nothing flickers. Listeners stay those that are there: what is drawn again has none of its own.
 */
export function morph(old: Element, wanted: Element): void {
  for (const name of wanted.getAttributeNames()) {
    const value = wanted.getAttribute(name)!
    if (old.getAttribute(name) === value) continue
    // As an attribute it is what a strict policy forbids.
    if (name === 'style') setStyle(old, value)
    else old.setAttribute(name, value)
  }
  if (old.attributes.length > wanted.attributes.length) {
    for (const name of old.getAttributeNames()) if (!wanted.hasAttribute(name)) old.removeAttribute(name)
  }
  morphChildren(old, [...wanted.childNodes])
}

/** The children of `parent` become those, or look like them. */
export function morphChildren(parent: Element, wanted: readonly (Node | string)[]): void {
  let old = parent.firstChild
  for (const child of wanted) {
    const next: ChildNode | null = old?.nextSibling ?? null
    if (old === null) parent.append(child)
    else if (typeof child === 'string') {
      if (!(old instanceof Text)) old.replaceWith(child)
      else if (old.data !== child) old.data = child
    } else if (old !== child) morphNode(old, child)
    old = next
  }
  while (old !== null) {
    const next: ChildNode | null = old.nextSibling
    old.remove()
    old = next
  }
}

function morphNode(old: ChildNode, wanted: Node): void {
  if (old.nodeName !== wanted.nodeName) old.replaceWith(wanted)
  else if (old instanceof Element) morph(old, wanted as Element)
  else if (old.nodeValue !== wanted.nodeValue) old.nodeValue = wanted.nodeValue
}

function setStyle(element: Element, style: string): void {
  ;(element as HTMLElement | SVGElement).style.cssText = style
}
