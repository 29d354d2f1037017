// Where the messenger may live, from what somebody writes of their site.

export const onThisMachine = 'http://localhost:*'

/** The origins of a site and what is below it. Nothing written allows every site; what is no address gives nothing. */
export function originsOf(site: string): string[] | undefined {
  const words = site.trim()
  if (!words) return []
  const given = /^https?:\/\//i.exec(words)
  const bare = given ? words : 'https://' + words
  if (!URL.canParse(bare) || /\s/.test(words)) return undefined
  const u = new URL(bare)
  if (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(u.hostname)) return [`http://${u.hostname}:*`]
  if (!/^https?:$/.test(u.protocol) || u.username || !/[^.]\.[^.]/.test(u.hostname)) return undefined
  if (/^[\d.]+$/.test(u.hostname)) return [u.origin]
  const name = u.host.replace(/^www\./, '').replace(/\.(?=:|$)/, '')
  return [`${u.protocol}//${name}`, `${u.protocol}//*.${name}`]
}
