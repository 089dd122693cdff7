import type { Notice } from '../../../core/publish/notice.ts'
import { deliver } from '../../../core/standup/deliver/deliver.ts'
import type { DeliverServices, Delivery } from '../../../core/standup/deliver/delivery.ts'
import type { Occasion } from '../../../core/standup/deliver/occasion.ts'
import type { Output } from '../../../core/standup/deliver/record.ts'
import { loadOccasion, openOccasion } from '../../../core/standup/deliver/store.ts'
import type { Summary } from '../../../core/standup/statement.ts'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { rawFieldValue } from '../../../local/clickup/world/field-values.ts'
import { manualClock, NOON, startSmall } from '../../local-clickup/support.ts'
import { clientOf } from '../../support/clickup-client.ts'
import type { startDynamo } from '../../support/dynamo.ts'

export const OCCASION: Occasion = {
  ...{ kind: 'summary', connection: 'main', name: 'platform', prompt: 'standup/v1', on: '2026-03-16' },
}

export const SUMMARY: Summary = {
  statements: [
    { section: 'done', text: '{person:183} finished {task:86a}.', by: 'template', changeIds: ['c1'], taskIds: ['86a'] },
  ],
  by: { kind: 'template', why: 'notConfigured' },
  ...{ removed: {}, added: 0, tokens: { input: 0, output: 0 }, costUsd: 0, about: 'First', left: 0, notes: [] },
  span: { from: NOON - 86_400_000, until: NOON, timeZone: 'Europe/Berlin' },
  ...{ watermark: NOON, madeAt: NOON },
}

export const MADE = { kind: 'summary', summary: SUMMARY } as const

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A task in a fake ClickUp and a made summary that is to be delivered; every call is noted and may be intercepted. */
export async function setUpDelivery(embedded: Awaited<ReturnType<typeof startDynamo>>, intercept?: Fetch) {
  const clock = manualClock()
  const small = await startSmall({ clock })
  const { world, actor, list, fake } = small
  const task = world.createTask(actor, { listId: list.id, name: 'Standup' })
  const tables = await embedded.tables()
  const calls: string[] = []
  const fetched: Fetch = (url, init) => {
    const { pathname, search } = new URL(url)
    calls.push(`${init.method} ${pathname.replace('/api/v2', '')}${search}`)
    return intercept === undefined ? fetch(url, init) : intercept(url, init)
  }
  const clickup = clientOf(fake.url, fake.tokens.service, { fetch: fetched })
  const notices: Notice[] = []
  const services: DeliverServices = {
    ...{ clock, log: quiet, dynamo: embedded.dynamo, tables, clickupOf: () => clickup },
    publishNotice: async (notice) => void notices.push(notice),
  }
  const place = { dynamo: embedded.dynamo, table: tables.state, clock }
  let owners = 0

  async function open(outputs: readonly Output[], owner = `worker ${owners++}`) {
    const opened = await openOccasion({ ...place, owner }, OCCASION, outputs)
    if (opened.kind !== 'open') throw new Error(opened.kind)
    if (opened.session.record.made === null) await opened.session.keep(MADE)
    return opened.session
  }

  return {
    ...small,
    ...{ clock, task, tables, calls, clickup, notices, services, place, open },
    /** What a worker does with the occasion when its job comes. */
    async run(delivery: Delivery, over: Partial<DeliverServices> = {}) {
      const session = await open(['comment', 'field', 'event'].flatMap((each) => outputIn(delivery, each)))
      const delivered = await deliver(session, delivery, { ...services, ...over })
      await session.release()
      return { delivered, outputs: session.record.outputs }
    },
    record: () => loadOccasion(place, OCCASION),
    comments: () => [...world.store.comments.values()].map(({ text }) => text),
    fieldNamed: (name: string) => {
      const field = [...world.store.fields.values()].find((each) => each.name === name)
      return rawFieldValue(world.store.tasks.get(task.id)?.fields.get(field?.id ?? ''))
    },
  }
}

const outputIn = (delivery: Delivery, name: string): Output[] =>
  name === 'comment' || name === 'field' || name === 'event' ? (delivery[name] === undefined ? [] : [name]) : []
