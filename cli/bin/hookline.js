#!/usr/bin/env node
// Plain JavaScript for any Node.js: under npx it is the one that package.json pins, called by its path it may be an older
// one, which could not read the TypeScript behind it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const NEEDED = 24

if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  // Half of a short command's time went into reading the same sources again.
  module.enableCompileCache?.()
  const { main } = await import('../main.ts')
  process.exitCode = await main(process.argv.slice(2))
} else {
  const pinned = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url))
  if (existsSync(pinned)) again(pinned)
  else {
    process.stderr.write(`hookline: needs Node.js ${NEEDED}, this is ${process.version}: run npm ci in the checkout.\n`)
    process.exitCode = 1
  }
}

function again(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to both; whoever ends this one alone means the other.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('error', (error) => {
    process.stderr.write(`hookline: ${node} does not start (${error.message}): run npm ci in the checkout.\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
