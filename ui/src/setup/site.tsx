// A site with the messenger on it, as its visitors will see it: the messenger is the real one, the site is only a sketch.

import { ChevronDown } from 'lucide-react'
import { useEffect, useRef, type ReactNode, type RefObject } from 'react'
import { textOn } from '@deskbell/core/colour.ts'
import { t } from '../text.ts'

type Say = (m: Record<string, unknown>) => void

/** The way to a messenger in a frame of this page; `ready` is called each time it has begun to listen. */
export function useMessenger(ready: () => void): { frame: RefObject<HTMLIFrameElement | null>; say: Say } {
  const frame = useRef<HTMLIFrameElement>(null)
  const latest = useRef(ready)
  latest.current = ready
  useEffect(() => {
    const heard = (e: MessageEvent): void => {
      if (e.origin === location.origin && e.source === frame.current?.contentWindow && e.data?.is === 'ready') latest.current()
    }
    addEventListener('message', heard)
    return () => removeEventListener('message', heard)
  }, [])
  return { frame, say: (m) => frame.current?.contentWindow?.postMessage({ deskbell: 1, ...m }, location.origin) }
}

/** The messenger as it will look with these settings, drawn by the messenger itself. */
export function Preview({ settings }: { settings: object }) {
  const show = (): void => say({ do: 'settings', settings })
  const { frame, say } = useMessenger(show)
  useEffect(show, [settings])
  return <iframe className="preview" ref={frame} title={t('preview')} src="/widget/messenger.html?preview=1" />
}

/** A window of a browser around a sketch of a site. */
export function Site({
  address,
  accent,
  side = 'right',
  phone,
  children,
}: {
  address: string
  accent: string
  side?: string
  phone?: boolean
  children: ReactNode
}) {
  return (
    <div
      className={'site at-' + side + (phone ? ' phone' : '')}
      style={{ '--brand': accent, '--on-brand': textOn(accent) } as React.CSSProperties}
    >
      <div className="site-bar" aria-hidden="true">
        <i />
        <i />
        <i />
        <span className="clip">{address}</span>
      </div>
      <div className="sketch" aria-hidden="true">
        <b />
        <b />
        <div>
          {Array.from({ length: 6 }, (_, n) => (
            <i key={n} />
          ))}
        </div>
      </div>
      {children}
      <span className="site-launcher" aria-hidden="true">
        <ChevronDown size={24} strokeWidth={2} />
      </span>
    </div>
  )
}
