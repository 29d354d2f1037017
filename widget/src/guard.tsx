// What one message cannot show takes nothing else down with it.

import { Component, type ComponentChildren } from 'preact'
import { t } from './text.ts'

export class Guard extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  state = { broken: false }

  componentDidCatch(): void {
    this.setState({ broken: true })
  }

  render(): ComponentChildren {
    return this.state.broken ? <p class="note">{t('unshown')}</p> : this.props.children
  }
}
