import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import * as z from 'zod'
import { EXPORTS, type ExportName } from '../../core/export/kind.ts'
import { parseJson } from '../../core/platform/json.ts'
import { Failure } from '../failure.ts'
import { fileSink } from './sink.ts'

/** What the next run has to know. `cursor` is milliseconds since 1970; null when the next export has to be whole. */
const cursorSchema = z.object({
  export: z.enum(EXPORTS),
  target: z.string(),
  connections: z.array(z.string()),
  cursor: z.number().nullable(),
})
export type SavedCursor = z.infer<typeof cursorSchema>

type Expected = { what: ExportName; target: string; connections: readonly string[] }

/**
 * The cursor that a run before has left; undefined where there was none.
 * @throws Failure for a file that is none, or of another export: going on from there would leave something out
 */
export async function readCursor(cwd: string, file: string, expected: Expected): Promise<SavedCursor | undefined> {
  const text = await readFile(resolve(cwd, file), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new Failure(`${file} cannot be read: check its owner and its rights.`)
  })
  if (text === null) return undefined
  const parsed = cursorSchema.safeParse(parseJson(text))
  if (!parsed.success) throw new Failure(`${file} is no cursor file: name another one, or remove it to begin anew.`)
  const saved = parsed.data
  const isSame =
    saved.export === expected.what &&
    saved.target === expected.target &&
    saved.connections.toSorted().join() === expected.connections.toSorted().join()
  if (isSame) return saved
  throw new Failure(
    `${file} belongs to the export of ${saved.export} of ${saved.connections.join(', ')} (${saved.target}): name another one for this.`,
  )
}

/** Written beside and renamed: the file is there with the old cursor or with the new one. */
export async function saveCursor(cwd: string, file: string, saved: SavedCursor): Promise<void> {
  const sink = await fileSink(cwd, file)
  await sink.write(`${JSON.stringify(saved)}\n`)
  await sink.commit()
}
