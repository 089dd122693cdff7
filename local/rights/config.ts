import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConfigInput } from '../../infra/config.ts'

/** Asked by the profile of a geography: `bedrockResources` has what that takes. */
const MODEL = 'us.amazon.nova-lite-v1:0'
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const due = { at: '00:00', days: DAYS }

/** Where summaries and recipes are about: a task with its list, its space, a status that it can come into. */
export type Places = { taskId: string; listId: string; spaceId: string; status: string }

/** The field that a recipe fills. */
export const FIELD = 'Digest'

/** A stage with everything in it that takes a right. */
export function writeConfig(directory: string, { taskId: task, listId, spaceId, status }: Places): string {
  const config = {
    archive: { days: 14 },
    alarms: { page: ['page@example.com'], warn: ['warn@example.com'], note: ['note@example.com'] },
    standup: {
      model: { id: MODEL },
      summaries: [
        { name: 'everything', ...due, days: [...DAYS], to: { event: true } },
        {
          ...{ name: 'of-a-list', ...due, days: [...DAYS], lists: [listId] },
          to: { comment: { task }, field: { task, name: FIELD }, event: true },
        },
        { name: 'of-a-space', ...due, days: [...DAYS], spaces: [spaceId], to: { event: true } },
      ],
      recipes: [
        { name: 'note', on: { status }, comment: true },
        { name: 'digest', on: { ...due, days: [...DAYS] }, lists: [listId], fill: { field: FIELD } },
      ],
    },
  } satisfies ConfigInput
  const path = join(directory, 'hookline.config.mjs')
  writeFileSync(path, `export default ${JSON.stringify(config)}\n`)
  return path
}
