import type { SummaryCreated } from '../../publish/notice.ts'
import type { Names } from '../say/names.ts'
import { statementText, summaryText } from '../say/text.ts'
import type { Summary } from '../statement.ts'
import { type Occasion, summaryIdOf } from './occasion.ts'

/** A summary as an event tells of it, with the names of now. */
export function summaryEvent(occasion: Occasion, summary: Summary, names: Names): Omit<SummaryCreated, 'publishedAt'> {
  const { connection, kind, name, on } = occasion
  const { about, span, by, statements, notes, removed, added, watermark } = summary
  return {
    schemaVersion: 1,
    summaryId: summaryIdOf(occasion),
    ...{ connection, kind, name },
    on: typeof on === 'string' ? on : on.occasion,
    taskId: typeof on === 'string' ? null : on.taskId,
    ...{ about, since: span.from, until: span.until, timeZone: span.timeZone },
    by:
      by.kind === 'model'
        ? { ...by, why: null }
        : { kind: by.kind, provider: null, model: null, prompt: null, why: by.why },
    text: summaryText(summary, names, 'markdown'),
    statements: statements.map(({ section, text, by, taskIds, changeIds }) => ({
      ...{ section, text: statementText(text, names, 'plain'), by, taskIds, changeIds },
    })),
    ...{ notes, removed, added, watermark, omitted: [] },
  }
}
