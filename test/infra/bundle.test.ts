import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sizesOf } from '../../bench/bundles/bench.ts'
import { FUNCTION_NAMES, type FunctionName } from '../../bench/bundles/budgets.ts'
import { bundle } from '../../infra/constructs/bundle.ts'

const FUNCTIONS = join(import.meta.dirname, '..', '..', 'functions')

describe.each(['verifier', 'consumer', 'check-release', 'standup'])('bundle of the %s', (name) => {
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
  // Each has a budget, so none can grow unseen.
  expect([...FUNCTION_NAMES].sort()).toEqual(names.sort())
})

describe('the size of a bundle', () => {
  const isHeld = (name: FunctionName, broken: string | null) =>
    sizesOf(name, broken).every(({ aim }) => aim === null || aim.holds)

  it.each(FUNCTION_NAMES)('is within its budget: %s', (name) => {
    expect(isHeld(name, null)).toBe(true)
  })

  it('is not when all of zod is in it', () => {
    expect(isHeld('verifier', 'whole-zod')).toBe(false)
  })
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
