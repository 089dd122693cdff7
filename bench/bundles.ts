import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { bundle } from '../infra/constructs/bundle.ts'

/**
 * How large each function's bundle is, and how long a fresh Node takes to import it: the part of a cold start that is ours.
 * The times are of this machine; what holds elsewhere is their ratio to an empty module, taken in turn in the same run.
 *
 *     node bench/bundles.ts [--runs N] [--seed N] [--break whole-zod] [--json]
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '15' },
    /** Nothing here is drawn by chance; taken so that every bench is called alike. */
    seed: { type: 'string', default: '1' },
    break: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})

/** Bytes before compression; a named import of zod alone brings 350 KB. */
const BUDGET = {
  verifier: 400_000,
  consumer: 600_000,
  sync: 600_000,
  guard: 500_000,
  'rotate-signing': 500_000,
  'rotate-token': 500_000,
  pulse: 500_000,
  health: 400_000,
  // The SDK of models is in it, and in no other.
  standup: 1_700_000,
} as const

const FUNCTIONS = join(import.meta.dirname, '..', 'functions')
const names = [
  ...(['verifier', 'consumer', 'sync', 'guard', 'rotate-signing', 'rotate-token', 'pulse', 'health'] as const),
  'standup',
] as const

const results = names.map((name) => {
  const handler = join(FUNCTIONS, name, 'handler.ts')
  using built = bundle(values.break === 'whole-zod' ? withWholeZod(handler) : handler)
  const path = join(built.directory, 'index.mjs')
  const code = readFileSync(path)
  const times = Array.from({ length: Number(values.runs) }, () => ({
    empty: importMs('node:module'),
    ours: importMs(path),
  }))
  return {
    name,
    bytes: code.length,
    gzipBytes: gzipSync(code).length,
    importMs: median(times.map(({ ours }) => ours)),
    emptyImportMs: median(times.map(({ empty }) => empty)),
    budgetBytes: BUDGET[name],
  }
})

if (values.json) console.log(JSON.stringify(results))
else console.table(results)
for (const { name, bytes, budgetBytes } of results) {
  if (bytes <= budgetBytes) continue
  console.error(`The bundle of the ${name} has ${bytes} bytes, the budget is ${budgetBytes}.`)
  process.exitCode = 1
}

/** The same function with the import that the linter forbids. */
function withWholeZod(handler: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-bench-'))
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }))
  const zod = JSON.stringify(
    createRequire(import.meta.url)
      .resolve('zod')
      .replace(/\.cjs$/, '.js'),
  )
  writeFileSync(
    join(directory, 'handler.ts'),
    `import { z } from ${zod}\nexport { handler } from ${JSON.stringify(handler)}\nexport const whole = z\n`,
  )
  return join(directory, 'handler.ts')
}

/** Milliseconds from the start of a fresh process's own code to the end of the import. */
function importMs(module: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - t)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, POWERTOOLS_DEV: 'false', NODE_OPTIONS: '' },
  })
  // The verifier says at import that its environment is missing; the last line is the time.
  return Number(stdout.trim().split('\n').at(-1))
}

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? Number.NaN) * 10) / 10
}
