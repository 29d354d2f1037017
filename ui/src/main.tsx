import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/index.css'
import './tokens.css'
import './base.css'
import './parts.css'
import './fields.css'
import './shell.css'
import './inbox.css'
import './bulk.css'
import './thread.css'
import './pages.css'
import './dialogs.css'
import './narrow.css'
import './floats.css'
import './palette.css'
import './steps.css'
import './desk.css'
import { App } from './app.tsx'
import { said } from './parts.tsx'
import { CallError } from './server.ts'
import { spoken } from './text.ts'
import { chosen, wear } from './theme.ts'
import { done } from './toast.tsx'

// What was asked for and refused is said, also where nobody waits for the answer.
addEventListener('unhandledrejection', (e) => {
  if (!(e.reason instanceof CallError)) return
  e.preventDefault()
  done(said(e.reason), undefined, 'bad')
})

// Where nothing takes a file that is dropped, a browser would leave the page for it.
for (const on of ['dragover', 'drop'] as const)
  addEventListener(on, (e) => {
    if (e.defaultPrevented || !e.dataTransfer?.types.includes('Files')) return
    e.preventDefault()
    e.dataTransfer.dropEffect = 'none'
  })

wear(chosen())
document.documentElement.lang = spoken()
createRoot(document.getElementById('root')!).render(<App />)
