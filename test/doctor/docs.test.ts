import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CHECKS } from '../../core/doctor/finding.ts'

it('docs/operations.md has every check of the doctor, and no other', () => {
  const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const section = text.slice(text.indexOf('## Doctor'), text.indexOf('## Pause and resume'))
  const rows = [...section.matchAll(/^\| ([^|]+?) \|/gm)].map(([, name]) => name)
  expect(rows.slice(1).toSorted()).toEqual(Object.values(CHECKS).toSorted())
})
