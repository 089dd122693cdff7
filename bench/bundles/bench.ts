import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { bundle } from '../../infra/constructs/bundle.ts'
import type { Bench, Figure } from '../figure.ts'
import { BUDGETS, FUNCTION_NAMES, type FunctionName } from './budgets.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export const bundles: Bench = {
  name: 'bundles',
  title: 'size of each function',
  // What a named import of zod brings, and the linter forbids.
  breaks: ['whole-zod'],
  run: async ({ broken, note }) =>
    FUNCTION_NAMES.flatMap((name) => {
      note(name)
      return sizesOf(name, broken)
    }),
}

/** Of one function: what decides is its size before compression. */
export function sizesOf(name: FunctionName, broken: string | null): Figure[] {
  const code = broken === 'whole-zod' ? bundledWithWholeZod(name) : bundled(handlerOf(name))
  const most = BUDGETS[name]
  const aim = { text: `≤ ${most / 1_000} KB`, holds: code.length <= most, decides: true }
  return [
    { figure: name, ours: code.length / 1_000, unit: 'KB', beside: null, aim },
    { figure: `${name}, compressed`, ours: gzipSync(code).length / 1_000, unit: 'KB', beside: null, aim: null },
  ]
}

const handlerOf = (name: FunctionName) => join(ROOT, 'functions', name, 'handler.ts')

function bundled(handler: string): Buffer {
  using built = bundle(handler)
  return readFileSync(join(built.directory, 'index.mjs'))
}

function bundledWithWholeZod(name: FunctionName): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-bench-'))
  try {
    const zod = JSON.stringify(join(ROOT, 'node_modules/zod/index.js'))
    const handler = JSON.stringify(handlerOf(name))
    const entry = join(directory, 'handler.ts')
    writeFileSync(entry, `import { z } from ${zod}\nexport { handler } from ${handler}\nexport const whole = z\n`)
    return bundled(entry)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
