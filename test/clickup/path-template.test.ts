import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { templateOf } from '../../core/clickup/path-template.ts'

const CORE = join(import.meta.dirname, '../../core')
const ID = '86-secret-id'

/** What other paths begin with, and nobody asks for. */
const BEGINNING = `/team/${ID}`

/** Every path that is written in the code, its variables filled in. */
const written = globSync('**/*.ts', { cwd: CORE }).flatMap((file) => {
  const text = readFileSync(join(CORE, file), 'utf8')
  const literals = text.matchAll(
    /[`'](\/(?:user|team|space|folder|list|task|goal|webhook)(?:\/[^`']*)?(?:\?[^`']*)?)[`']/g,
  )
  const paths = [...literals].map(([, path = '']) => path.replaceAll(/\$\{[^}]*\}/g, ID))
  return paths.filter((path) => path !== BEGINNING).map((path) => ({ file, path }))
})

it('knows every path that is asked, and shows no id of it', () => {
  expect(written.length).toBeGreaterThan(25)
  for (const { file, path } of written) {
    const template = templateOf(`/v2${path}`)
    expect({ file, path, template }).not.toMatchObject({ template: 'other' })
    expect(template).not.toMatch(/secret|\?/)
  }
})

it.each([
  ['/v2/task/abc', '/v2/task/{task_id}'],
  ['/v2/task/abc?include_subtasks=true', '/v2/task/{task_id}'],
  ['/v2/task/bulk_time_in_status/task_ids?task_ids=abc', '/v2/task/bulk_time_in_status/task_ids'],
  ['/v2/team/9/time_entries/5', '/v2/team/{team_id}/time_entries/{timer_id}'],
  ['/v2/task/a/field/b', '/v2/task/{task_id}/field/{field_id}'],
  ['/v2/team', '/v2/team'],
  ['/v2/team?secret=1', '/v2/team'],
])('%s is %s', (path, template) => expect(templateOf(path)).toBe(template))

it.each(['', '/', '/v2', '/v2/task/', '/v2/task/abc/secret', '/v3/task/abc', '/v2/secret', '//v2/task/abc'])(
  'of %j it says nothing but that it is another',
  (path) => expect(templateOf(path)).toBe('other'),
)
