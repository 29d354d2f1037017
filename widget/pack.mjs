// Writes the compressed forms beside each built file, so that the server never compresses.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

for (const f of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  if (!f.isFile() || !/\.(js|css|svg|webmanifest)$/.test(f.name)) continue
  const path = f.parentPath + '/' + f.name
  const body = readFileSync(path)
  writeFileSync(path + '.gz', gzipSync(body, { level: 9 }))
  writeFileSync(path + '.br', brotliCompressSync(body))
}
