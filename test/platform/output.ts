import { vi } from 'vitest'

/** What is written to standard output and standard error while `work` runs, line by line. */
export async function linesOf(work: () => unknown): Promise<string[]> {
  let written = ''
  const keep = (chunk: string | Uint8Array) => {
    written += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return true
  }
  const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(keep))
  try {
    await work()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  return written.split('\n').filter((line) => line !== '')
}
