import { createPublishNotice } from '../core/publish/notice.ts'
import type { Occasion } from '../core/standup/deliver/occasion.ts'
import { summaryEvent } from '../core/standup/deliver/summary-event.ts'
import type { Summary } from '../core/standup/statement.ts'
import type { BusEvent } from '../local/aws/events/event.ts'
import { clientInto } from './example-pipeline.ts'

const DUE = Date.UTC(2026, 8, 8, 7)
const DAY = 86_400_000
const [TASK, OTHER] = ['86cx41d2f', '86cx41d9k']
const NAMES: Readonly<Record<string, string>> = {
  [TASK]: 'Refunds fail for split payments',
  [OTHER]: 'Move invoices to the new tax rates',
  '40217': 'Ada Moreau',
}

const OCCASION: Occasion = {
  ...{ kind: 'summary', connection: 'main', name: 'web-shop', prompt: 'standup/v1', on: '2026-09-08' },
}

const SUMMARY: Summary = {
  statements: [
    {
      section: 'done',
      text: `{person:40217} finished {task:${TASK}}.`,
      by: 'model',
      changeIds: ['c4166ff19df3d9172d9657bff684dfdc8e69da96bd368967e1a939511c389d95'],
      taskIds: [TASK],
    },
    {
      section: 'blockers',
      text: `{task:${OTHER}} is blocked.`,
      by: 'template',
      changeIds: [],
      taskIds: [OTHER],
    },
  ],
  by: { kind: 'model', provider: 'bedrock', model: 'amazon.nova-lite-v1:0', prompt: 'standup/v1' },
  ...{ removed: { number: 1 }, added: 1, tokens: { input: 1_204, output: 161 }, costUsd: 0.000_111 },
  ...{ about: 'Roadmap', left: 0, notes: [], watermark: DUE - 300_000, madeAt: DUE + 4_000 },
  span: { from: DUE - DAY, until: DUE, timeZone: 'Europe/Berlin' },
}

/** The event of a summary, made by the code that publishes it. */
export async function exampleSummary(): Promise<BusEvent> {
  const put: BusEvent[] = []
  const clock = { now: () => DUE + 4_500 }
  const publish = createPublishNotice({ client: clientInto(put, clock), busName: 'hookline-prod' })
  const name = (id: string) => NAMES[id] ?? id
  const detail = { ...summaryEvent(OCCASION, SUMMARY, { task: name, person: name }), publishedAt: clock.now() }
  await publish({ detailType: 'Summary Created', detail })
  const [event] = put
  if (event === undefined) throw new Error('The example summary came to nothing.')
  return event
}
