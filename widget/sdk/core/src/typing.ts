// Saying that somebody writes, while they do.

const every = 3000

/** Calls what it is given, but not again within three seconds. That it fails matters to nobody. */
export function seldom(now: () => number = Date.now): (tell: () => Promise<unknown>) => void {
  let last = -every
  return (tell) => {
    if (now() - last < every) return
    last = now()
    tell().catch(() => undefined)
  }
}
