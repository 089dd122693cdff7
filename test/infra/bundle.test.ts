import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../../infra/constructs/bundle.ts'

const FUNCTIONS = join(import.meta.dirname, '..', '..', 'functions')

describe.each([
  { name: 'verifier', maxBytes: 400_000 },
  { name: 'consumer', maxBytes: 600_000 },
  { name: 'check-release', maxBytes: 450_000 },
  { name: 'standup', maxBytes: 1_700_000 },
])('bundle of the $name', ({ name, maxBytes }) => {
  let built: ReturnType<typeof bundle>
  let code: string
  beforeAll(() => {
    built = bundle(join(FUNCTIONS, name, 'handler.ts'))
    code = readFileSync(join(built.directory, 'index.mjs'), 'utf8')
  })
  afterAll(() => built[Symbol.dispose]())

  it("needs nothing that Node.js does not bring, the runtime's SDK included", () => {
    const imported = [...code.matchAll(/(?:^|[;}\n])import\s*[\w*{][^;'"]*from\s*["']([^"']+)["']/g)].map(
      ([, from]) => from ?? '',
    )
    expect(imported).toContain('node:module')
    expect(imported.filter((from) => !from.startsWith('node:') && !builtinModules.includes(from))).toEqual([])
  })

  it('exports the handler, is minified and has no source map', () => {
    expect(code).toMatch(/export\s*\{[^}]*\bas handler\b[^}]*\}/)
    expect(code).not.toContain('sourceMappingURL')
    expect(existsSync(join(built.directory, 'index.mjs.map'))).toBe(false)
    expect(code.split('\n').length).toBeLessThan(code.length / 200 + 10)
  })

  it('stays small enough to start quickly', () => {
    expect(statSync(join(built.directory, 'index.mjs')).size).toBeLessThan(maxBytes)
  })
})

it('has the SDK of models in the function that asks them, and in no other', () => {
  const names = readdirSync(FUNCTIONS).filter((name) => existsSync(join(FUNCTIONS, name, 'handler.ts')))
  expect(names.length).toBeGreaterThan(9)
  const having = names.filter((name) => {
    using built = bundle(join(FUNCTIONS, name, 'handler.ts'))
    // What its errors are marked by.
    return readFileSync(join(built.directory, 'index.mjs'), 'utf8').includes('vercel.ai.error')
  })
  expect(having).toEqual(['standup'])
})

it('says in one sentence where the code does not build, and leaves nothing behind', () => {
  const directory = mkdtempSync(join(tmpdir(), 'hookline-broken-'))
  const entry = join(directory, 'handler.ts')
  writeFileSync(entry, "import { x } from './nowhere.ts'\nexport const handler = x\n")
  try {
    expect(() => bundle(entry)).toThrow(
      /handler\.ts does not build: Could not resolve "\.\/nowhere\.ts" \(.*handler\.ts:1\)\.$/,
    )
  } finally {
    rmSync(directory, { recursive: true })
  }
})
