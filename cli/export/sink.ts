import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'

/** Where an export goes. What is written waits until there is room for it, so that nothing piles up in memory. */
export type Sink = {
  write(text: string): Promise<void>
  /** All of it is there; only now is it to be seen. */
  commit(): Promise<void>
  /** It is not whole: what was there before stays. Synchronous, for the moment of exit. */
  abandon(): void
}

export const standardOutput = (io: Io): Sink => ({
  async write(text) {
    io.write(text)
    await io.flushed?.()
  },
  commit: async () => undefined,
  abandon: () => undefined,
})

/**
 * A file beside the one that is wanted, which takes its name when it is whole: whoever reads it never sees half of it. Only its
 * owner may read it, because it holds people's work.
 * @throws Failure when it cannot be written
 */
export async function fileSink(cwd: string, file: string): Promise<Sink> {
  const path = resolve(cwd, file)
  // Its own: of two runs at once that were given one file, each writes a whole one, and the later one stays.
  const part = `${path}.${randomUUID().slice(0, 8)}.part`
  const handle = await open(part, 'w', 0o600).catch((error: unknown) => {
    throw new Failure(`${file} cannot be written (${codeOf(error)}): check that ${dirname(file)} is there and yours.`)
  })
  return {
    write: (text) => handle.appendFile(text),
    async commit() {
      await handle.sync()
      await handle.close()
      await rename(part, path)
    },
    abandon() {
      handle.close().catch(() => undefined)
      rmSync(part, { force: true })
    },
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'
