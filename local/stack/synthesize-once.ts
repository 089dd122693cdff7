import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Assembly, readAssembly } from './assembly.ts'
import { PROJECT, type SynthesizeOptions, synthesize } from './synthesize.ts'

/** Names a directory in which the programs of one run share what they synthesize; without it each does it for itself. */
export const SHARED_SYNTHESES = 'HOOKLINE_SHARED_SYNTHESES'

/** All that the project's app and its bundles are made of; what npm installed is told by its lock. */
const SOURCES = ['{infra,functions,core,examples,prompts}/**/*', 'hookline.config.ts', 'cdk.json', 'package-lock.json']

/** Far longer than a synthesis takes. One that takes longer has died. */
const PATIENCE_MS = 60_000

/**
 * Synthesizes the app, or reads what was synthesized from the very same sources before.
 * A config file of one's own may import anything, so its app is never shared.
 * @param make what synthesizes when nobody has
 * @throws StackError like `synthesize`
 */
export async function synthesizeOnce(options: SynthesizeOptions, make = synthesize): Promise<Assembly> {
  const directory = process.env[SHARED_SYNTHESES]
  const isOwn = options.configPath ?? options.appFile ?? options.env ?? process.env['HOOKLINE_CONFIG']
  if (!directory || isOwn !== undefined) return make(options)

  const shared = join(directory, fingerprint())
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 50) {
    if (existsSync(shared)) return readAssembly(shared)
    if (claim(`${shared}.claim`)) {
      try {
        if (!existsSync(shared)) await makeInto(shared, directory, make)
        return readAssembly(shared)
      } finally {
        rmSync(`${shared}.claim`, { recursive: true })
      }
    }
    await pause(50)
  }
  return make(options)
}

/** Renamed when it is whole: nobody sees half of it. */
async function makeInto(shared: string, directory: string, make: typeof synthesize): Promise<void> {
  const outDir = mkdtempSync(join(directory, 'making-'))
  await make({ outDir })
  renameSync(outDir, shared)
}

function claim(path: string): boolean {
  try {
    mkdirSync(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

function fingerprint(): string {
  const hash = createHash('sha256')
  const files = globSync(SOURCES, { cwd: PROJECT, withFileTypes: true }).filter((each) => each.isFile())
  for (const file of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    const content = readFileSync(file)
    hash.update(`${file} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}
