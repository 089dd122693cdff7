import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readAssembly } from '../../local/stack/assembly.ts'
import { StackError } from '../../local/stack/errors.ts'
import { SHARED_SYNTHESES, synthesizeOnce } from '../../local/stack/synthesize-once.ts'
import { writeAssembly } from './cloud-assembly.ts'

const written = writeAssembly({ Queue: { Type: 'AWS::SQS::Queue' } })
let shared: string
/** Where an app was made, time after time. */
let made: string[]

beforeEach(() => {
  shared = mkdtempSync(join(tmpdir(), 'synthesize-once-'))
  made = []
  vi.stubEnv(SHARED_SYNTHESES, shared)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(shared, { recursive: true, force: true })
})

afterAll(() => written[Symbol.dispose]())

/** Stands for the CDK app, which takes a moment. */
async function make({ outDir }: { outDir: string }) {
  made.push(outDir)
  await new Promise((resolve) => setImmediate(resolve))
  cpSync(written.dir, outDir, { recursive: true })
  return readAssembly(outDir)
}

test('those who ask at the same time, or later, get the same app, which is made once', async () => {
  const options = { outDir: join(shared, 'unused') }
  const both = await Promise.all([synthesizeOnce(options, make), synthesizeOnce(options, make)])
  const [name, ...others] = readdirSync(shared)
  expect([name, others]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), []])
  for (const assembly of [...both, await synthesizeOnce(options, make)])
    expect(assembly).toEqual(readAssembly(join(shared, name ?? '')))
  expect(made).toHaveLength(1)
})

test('an app that could not be made is nobody else’s', async () => {
  const fails = () => Promise.reject(new StackError('synthesis', 'The app is wrong'))
  const options = { outDir: join(shared, 'unused') }
  await expect(synthesizeOnce(options, fails)).rejects.toThrow('The app is wrong')
  await synthesizeOnce(options, make)
  expect(made).toHaveLength(1)
})

test('what is of its own is not shared, and nothing is where no place is named', async () => {
  const outDir = join(shared, 'own')
  await synthesizeOnce({ outDir, configPath: '/a/config.ts' }, make)
  await synthesizeOnce({ outDir, env: { MORE: 'more' } }, make)
  vi.stubEnv('HOOKLINE_CONFIG', '/a/config.ts')
  await synthesizeOnce({ outDir }, make)
  vi.unstubAllEnvs()
  vi.stubEnv(SHARED_SYNTHESES, undefined)
  await synthesizeOnce({ outDir }, make)
  expect(made).toEqual([outDir, outDir, outDir, outDir])
})
