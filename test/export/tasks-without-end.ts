import type { TaskRow } from '../../core/export/tasks.ts'
import { UNKNOWN_FIELDS } from '../../core/tasks/snapshot.ts'

/** Tasks without end, as a scan would give them. */
export async function* tasks(pages: number, perPage: number) {
  for (let page = 0; page < pages; page += 1) {
    const rows = Array.from({ length: perPage }, (_, i): TaskRow => {
      const life = { state: 'present' as const, observedAt: page, version: 1, incarnation: 0 }
      return { connection: 'main', task: { ...UNKNOWN_FIELDS, id: `${page}-${i}`, name: 'x'.repeat(80), ...life } }
    })
    yield { rows, unreadable: 0 }
  }
}
