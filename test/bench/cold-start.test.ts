import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { deliveryEvent, startSurroundings } from '../../bench/cold-start/environment.ts'
import { handlerOf } from '../../bench/cold-start/modules.ts'
import { findRuntimeClient } from '../../bench/cold-start/runtime-client.ts'
import { start } from '../../bench/cold-start/start.ts'
import { bundle } from '../../infra/constructs/bundle.ts'

test('starts a verifier that accepts a delivery, and notices one that does not', async () => {
  const { env, close } = await startSurroundings('ours')
  onTestFinished(close)
  using built = bundle(handlerOf('verifier'))
  const answered = async (signedWith: string) =>
    (await start(join(built.directory, 'index.mjs'), deliveryEvent(signedWith), env)).statusCode
  expect([await answered('ours'), await answered('another')]).toEqual([200, 403])
})

describe('the runtime interface client', () => {
  const found = (files: Readonly<Record<string, string>>) => {
    const directory = mkdtempSync(join(tmpdir(), 'hookline-ric-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
    return findRuntimeClient(directory)
  }
  const ric = { name: 'aws-lambda-ric', version: '4.0.2', bin: { 'aws-lambda-ric': './index.mjs' } }
  const text = JSON.stringify(ric)

  test('is where the environment says, once it is built', () => {
    expect(found({ 'package.json': text, 'rapid-client.node': '' })).toMatchObject({
      ...{ kind: 'found', version: '4.0.2', entry: expect.stringMatching(/index\.mjs$/) },
    })
  })

  test.each([
    ['is not set', undefined],
    ['has no package.json', {}],
    ['is another package', { 'package.json': JSON.stringify({ ...ric, name: 'another' }) }],
    ['is another package', { 'package.json': '{' }],
    ['was not built', { 'package.json': text }],
  ])('%s: it is said how to get it', (reason, files) => {
    const none = files === undefined ? findRuntimeClient(undefined) : found(files)
    expect(none).toMatchObject({ kind: 'none', reason: expect.stringMatching(`${reason}.*npm i aws-lambda-ric`) })
  })
})
