/**
 * Colours of what is stacked: those of Okabe and Ito, "Color Universal Design" (2008), which people with any kind of colour vision
 * tell apart; ordered so that neighbours differ in lightness too. The rest is grey.
 */
export const STACK_COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442'] as const

export const OTHER_COLOUR = '#8b929b'

/** Which layer has which colour: the first the first, and whoever has one keeps it for as long as it is among the layers. */
export class LayerColours {
  #taken = new Map<string, string>()

  /** In the order of the layers, which keys tell apart. There are no more of them than colours. */
  of(keys: readonly string[]): string[] {
    const kept = new Map([...this.#taken].filter(([key]) => keys.includes(key)))
    const free = STACK_COLOURS.filter((colour) => ![...kept.values()].includes(colour))
    const colours = keys.map((key) => kept.get(key) ?? free.shift() ?? OTHER_COLOUR)
    this.#taken = new Map(keys.map((key, i) => [key, colours[i]!]))
    return colours
  }
}
