import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { type BuildFailure, buildSync } from 'esbuild'
import { SynthError } from '../synth-error.ts'
import { buildOnce } from './build-once.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/**
 * Some of the SDK's dependencies are CommonJS and call `require` for Node's own modules; an ES module has none.
 * The name is one that no bundled code uses.
 */
const REQUIRE =
  "import{createRequire as __hooklineRequire}from'node:module';const require=__hooklineRequire(import.meta.url);"

/**
 * Bundles a function into `index.mjs` in a directory of its own.
 *
 * The SDK goes in: it loads faster than the runtime's copy and its version is the one that was tested.
 * `module` before `main`, because esbuild otherwise takes the SDK's CommonJS build, which cannot be tree-shaken
 * (https://github.com/aws/aws-cdk/issues/29310). No source map: Node reads one only with `--enable-source-maps`, which costs
 * time at every cold start, and a map in the package is several times the code; the same commit and lock file give the
 * same bundle, so a map can be made when one is needed.
 *
 * @param entry path of the handler's module
 * @returns the directory, to be disposed of once the CDK has taken its copy
 * @throws SynthError that says where the code does not build
 */
export function bundle(entry: string): Disposable & { directory: string } {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-bundle-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  try {
    const outfile = join(directory, 'index.mjs')
    buildOnce(entry, outfile, () => build(entry, outfile))
  } catch (error) {
    remove()
    throw isBuildFailure(error)
      ? new SynthError(`${relative(ROOT, entry)} does not build: ${firstProblem(error)}.`)
      : error
  }
  return { directory, [Symbol.dispose]: remove }
}

/** @returns what it was made of: this file, our own sources, and the lock, which tells of all others */
function build(entry: string, outfile: string): string[] {
  const { metafile } = buildSync({
    entryPoints: [entry],
    outfile,
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    alias: { '@aws-sdk/credential-provider-node': join(ROOT, 'core/platform/aws/lambda-credentials.ts') },
    minify: true,
    sourcemap: false,
    legalComments: 'none',
    banner: { js: REQUIRE },
    logLevel: 'silent',
    metafile: true,
  })
  const own = Object.keys(metafile.inputs).filter((input) => !input.includes('node_modules/'))
  return [import.meta.filename, join(ROOT, 'package-lock.json'), ...own.map((input) => resolve(ROOT, input))]
}

const isBuildFailure = (error: unknown): error is BuildFailure => error instanceof Error && 'errors' in error

function firstProblem({ errors }: BuildFailure): string {
  const [first] = errors
  if (!first) return 'esbuild gave no reason'
  return first.location ? `${first.text} (${first.location.file}:${first.location.line})` : first.text
}
