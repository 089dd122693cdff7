import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

/**
 * Names a directory in which the programs of one run of the tests share what they bundle: they synthesize dozens of times from the same
 * sources. Without it each bundles for itself, as a deployment does.
 */
export const SHARED_BUNDLES = 'HOOKLINE_SHARED_BUNDLES'

const sourcesSchema = z.array(z.string())

/**
 * Writes a bundle, or copies the one that was made of the very same sources before.
 * @param make what bundles when nobody has: writes the file, and answers the paths of what it was made of
 * @throws what `make` throws; nothing is kept then
 */
export function buildOnce(entry: string, outfile: string, make: () => readonly string[]): void {
  const directory = process.env[SHARED_BUNDLES]
  if (!directory) {
    make()
    return
  }
  const list = join(directory, `${sha256([entry])}.json`)
  if (existsSync(list)) {
    const made = bundleOf(directory, sourcesSchema.parse(JSON.parse(readFileSync(list, 'utf8'))))
    if (made !== null && existsSync(made)) {
      copyFileSync(made, outfile)
      return
    }
  }
  const sources = make()
  // Renamed when it is whole: nobody sees half of it. Two at once make the same.
  const making = mkdtempSync(join(directory, 'making-'))
  const made = bundleOf(directory, sources)
  if (made !== null) {
    copyFileSync(outfile, join(making, 'bundle'))
    writeFileSync(join(making, 'list'), JSON.stringify(sources))
    renameSync(join(making, 'bundle'), made)
    renameSync(join(making, 'list'), list)
  }
  rmSync(making, { recursive: true })
}

/** Where a bundle of these sources, as they are now, is kept; null when one is missing. */
function bundleOf(directory: string, sources: readonly string[]): string | null {
  if (!sources.every((source) => existsSync(source))) return null
  return join(directory, `${sha256(sources.flatMap((source) => [source, readFileSync(source)]))}.mjs`)
}

function sha256(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}\n`).update(part)
  return hash.digest('hex')
}
