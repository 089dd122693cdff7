import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { VERSION } from '../../core/platform/version.ts'

it('the version is that of the package', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  expect(z.looseObject({ version: z.string() }).parse(JSON.parse(text)).version).toBe(VERSION)
})
