// What one piece of a screen cannot show takes nothing else down with it.

import { Component, type ReactNode } from 'react'
import { t } from './text.ts'

/** Shows a placeholder instead of what throws; whole offers to load the page anew. */
export class Guard extends Component<{ children: ReactNode; whole?: boolean }, { broken: boolean }> {
  state = { broken: false }

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true }
  }

  render(): ReactNode {
    if (!this.state.broken) return this.props.children
    if (!this.props.whole) return <p className="broken">{t('unshown')}</p>
    return (
      <main className="page">
        <div className="empty" role="alert">
          <div>
            <b>{t('screenBroke')}</b>
            <p>{t('screenBrokeHint')}</p>
            <button className="btn" onClick={() => location.reload()}>
              {t('loadAnew')}
            </button>
          </div>
        </div>
      </main>
    )
  }
}
