/**
 * Colours of what is stacked: those of Okabe and Ito, "Color Universal Design" (2008), which people with any kind of colour vision
 * tell apart; ordered so that neighbours differ in lightness too. The rest is grey.
 */
export const STACK_COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442'] as const

export const OTHER_COLOUR = '#8b929b'

/** Of the layer of that place. */
export function colourOf(layer: number): string {
  return STACK_COLOURS[layer] ?? OTHER_COLOUR
}
