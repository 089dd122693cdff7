import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Once for the whole run, before its first worker: a place where its processes share what Node.js has compiled. Commands and functions
 * are started hundreds of times, and half of the time of a start is compiling what another has compiled before
 * (https://nodejs.org/api/module.html#module-compile-cache).
 */
export default function setup(): () => void {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-compiled-'))
  process.env['NODE_COMPILE_CACHE'] = directory
  return () => rmSync(directory, { recursive: true, force: true })
}
