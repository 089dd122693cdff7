import { spawn } from 'node:child_process'
import { join } from 'node:path'

const BIN = join(import.meta.dirname, '../../../cli/bin/hookline.js')

/** The command as an operator runs it in a directory, with something on its standard input; all that it wrote, in order. */
export function hookline(
  cwd: string,
  args: readonly string[],
  input = '',
): Promise<{ status: number | null; text: string }> {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, HOME: cwd, AWS_EC2_METADATA_DISABLED: 'true', TZ: 'UTC' }
  const child = spawn(process.execPath, [BIN, ...args], { cwd, env })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, text }))
  })
}
