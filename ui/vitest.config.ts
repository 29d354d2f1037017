import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@deskbell/core': fileURLToPath(new URL('../widget/sdk/core/src', import.meta.url)) } },
  test: { include: ['test/**/*.test.ts'] },
})
