import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { linesOf } from '../../platform/output.ts'

const SDK = /(?:from|import)\s*\(?\s*'(?:ai|ai\/[^']*|@ai-sdk\/[^']+)'/

test('the SDK of models is known in one file, so that it can be replaced there', () => {
  const files = globSync('{core,functions,cli,infra,local,examples,bench}/**/*.ts').filter(
    (file) => !file.includes('node_modules') && SDK.test(readFileSync(file, 'utf8')),
  )
  expect(files).toEqual(['core/standup/model/ai-sdk.ts'])
})

test('that file is loaded by a question and by nothing else', () => {
  const importing = globSync('{core,functions,cli}/**/*.ts').filter((file) =>
    /^import (?!type ).*'.*\/ai-sdk\.ts'/m.test(readFileSync(file, 'utf8')),
  )
  expect(importing).toEqual([])
})

test('loading it turns the SDK’s own warnings off', async () => {
  const lines = await linesOf(() => import('../../../core/standup/model/ai-sdk.ts'))
  expect(lines).toEqual([])
  expect(globalThis.AI_SDK_LOG_WARNINGS).toBe(false)
})
