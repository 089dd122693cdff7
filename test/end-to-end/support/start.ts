import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../local/main.ts', import.meta.url))

export type Ended = { code: number | null; stdout: string; stderr: string }

/** Runs `npm start -- ...args` without npm, to its end. */
export function start(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { CLICKUP_API_URL: _url, CLICKUP_API_TOKEN: _token, ...ours } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...ours, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended: Ended = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    ended.stdout += String(chunk)
  })
  child.stderr.on('data', (chunk) => {
    ended.stderr += String(chunk)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ ...ended, code }))
  })
}
