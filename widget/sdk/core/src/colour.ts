// How light a colour is, and what can be read on it: relative luminance and contrast as WCAG 2.2 counts them.

/** From 0, black, to 1, white. Takes #rrggbb. */
export function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const v = parseInt(colour.slice(i, i + 2), 16) / 255
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const dark = '#101413'

/** The text to write on a colour: white, or dark where white has less contrast than 4.5 to 1. */
export const textOn = (colour: string): string => (1.05 / (luminance(colour) + 0.05) >= 4.5 ? '#fff' : dark)

/** The contrast of that text, from 1 to 21. */
export function contrastOn(colour: string): number {
  const l = luminance(colour) + 0.05
  return textOn(colour) === dark ? l / (luminance(dark) + 0.05) : 1.05 / l
}
