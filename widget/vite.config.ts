import preact from '@preact/preset-vite'
import { defineConfig } from 'vite'

// The messenger's page, which the loader puts in a frame of our origin.
export default defineConfig({
  base: '/widget/',
  plugins: [preact()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    rollupOptions: { input: 'messenger.html' },
  },
})
