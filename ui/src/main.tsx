import { createRoot } from 'react-dom/client'
import '@fontsource-variable/inter/index.css'
import './tokens.css'
import './style.css'
import './desk.css'
import { App } from './app.tsx'

document.documentElement.dataset.theme =
  localStorage.getItem('deskbell.theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
createRoot(document.getElementById('root')!).render(<App />)
