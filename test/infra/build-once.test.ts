import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { buildOnce, SHARED_BUNDLES } from '../../infra/constructs/build-once.ts'

let folder: string
let shared: string
let source: string
let outfile: string
let made: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hookline-build-'))
  shared = mkdtempSync(join(folder, 'shared-'))
  source = join(folder, 'source.ts')
  outfile = join(folder, 'index.mjs')
  writeFileSync(source, 'one')
  made = 0
  vi.stubEnv(SHARED_BUNDLES, shared)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

/** Stands for the bundler. @returns what was written */
function build(): string {
  rmSync(outfile, { force: true })
  buildOnce(source, outfile, () => {
    made += 1
    writeFileSync(outfile, `bundle of ${readFileSync(source, 'utf8')}`)
    return [source]
  })
  return readFileSync(outfile, 'utf8')
}

test('the same sources are bundled once, others anew', () => {
  expect([build(), build(), made]).toEqual(['bundle of one', 'bundle of one', 1])
  writeFileSync(source, 'two')
  expect([build(), build(), made]).toEqual(['bundle of two', 'bundle of two', 2])
  writeFileSync(source, 'one')
  expect([build(), made]).toEqual(['bundle of one', 2])
})

test('what could not be bundled is not kept', () => {
  const fails = () => {
    throw new Error('It does not build')
  }
  expect(() => buildOnce(source, outfile, fails)).toThrow('It does not build')
  expect(readdirSync(shared)).toEqual([])
})

test('nothing is shared where no place is named', () => {
  vi.stubEnv(SHARED_BUNDLES, undefined)
  expect([build(), build(), made]).toEqual(['bundle of one', 'bundle of one', 2])
  expect(readdirSync(shared)).toEqual([])
})
