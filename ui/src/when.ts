// Times to choose from.

/** Nine o'clock, in some days. */
export function nine(days: number, now = new Date()): number {
  const d = new Date(now)
  d.setDate(d.getDate() + days)
  d.setHours(9, 0, 0, 0)
  return d.getTime()
}
/** How many days it is to the next Monday. */
export const toMonday = (now = new Date()): number => (8 - now.getDay()) % 7 || 7
/** A moment as a datetime-local input holds it, in the reader's own zone. */
export const local = (ms: number): string => new Date(ms - new Date(ms).getTimezoneOffset() * 60000).toISOString().slice(0, 16)
