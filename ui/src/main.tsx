import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/index.css'
import './tokens.css'
import './base.css'
import './parts.css'
import './fields.css'
import './shell.css'
import './inbox.css'
import './thread.css'
import './pages.css'
import './dialogs.css'
import './narrow.css'
import './floats.css'
import './palette.css'
import './steps.css'
import './desk.css'
import { App } from './app.tsx'
import { spoken } from './text.ts'
import { chosen, wear } from './theme.ts'

wear(chosen())
document.documentElement.lang = spoken()
createRoot(document.getElementById('root')!).render(<App />)
