import { defineConfig } from 'vite'

// The loader: one classic script under a name that never changes.
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2020',
    outDir: 'dist',
    emptyOutDir: false,
    lib: { entry: 'src/loader.ts', formats: ['iife'], name: 'DeskbellLoader', fileName: () => 'widget.js' },
  },
})
