// What changed between two texts, line by line.

export interface Line {
  kind: 'same' | 'out' | 'in'
  text: string
}

/** The lines of both texts in one list: those that left, those that came, those that stayed. */
export function diff(before: string, after: string): Line[] {
  const a = before.split('\n'),
    b = after.split('\n')
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const x = a.slice(head, a.length - tail),
    y = b.slice(head, b.length - tail)
  const same = (list: string[]): Line[] => list.map((text) => ({ kind: 'same', text }))
  return [...same(a.slice(0, head)), ...middle(x, y), ...same(a.slice(a.length - tail))]
}

function middle(x: string[], y: string[]): Line[] {
  if (x.length * y.length > 4_000_000)
    return [...x.map((text): Line => ({ kind: 'out', text })), ...y.map((text): Line => ({ kind: 'in', text }))]
  const w = y.length + 1
  const common = new Uint32Array((x.length + 1) * w)
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--)
      common[i * w + j] = x[i] === y[j] ? common[(i + 1) * w + j + 1] + 1 : Math.max(common[(i + 1) * w + j], common[i * w + j + 1])
  const out: Line[] = []
  let i = 0,
    j = 0
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      out.push({ kind: 'same', text: x[i] })
      i++
      j++
    } else if (i < x.length && (j === y.length || common[(i + 1) * w + j] >= common[i * w + j + 1])) out.push({ kind: 'out', text: x[i++] })
    else out.push({ kind: 'in', text: y[j++] })
  }
  return out
}

/** Only what changed, with a line of context around it. */
export function around(lines: Line[]): Line[] {
  return lines.filter(
    (l, i) =>
      l.kind !== 'same' ||
      (lines[i - 1]?.kind !== undefined && lines[i - 1].kind !== 'same') ||
      (lines[i + 1]?.kind !== undefined && lines[i + 1].kind !== 'same'),
  )
}
