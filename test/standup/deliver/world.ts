import { join } from 'node:path'
import { createClickUp } from '../../../core/clickup/client.ts'
import { parseJson } from '../../../core/platform/json.ts'
import type { Notice } from '../../../core/publish/notice.ts'
import { summaryIdOf } from '../../../core/standup/deliver/occasion.ts'
import { notConfigured } from '../../../core/standup/model/none.ts'
import { readPrompt } from '../../../core/standup/say/prompts.ts'
import type { StandupServices } from '../../../core/standup/services.ts'
import { standupSettingsSchema } from '../../../core/standup/settings.ts'
import { questionOf } from '../../../core/standup/tell.ts'
import { saveMembers } from '../../../core/sync/members.ts'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { rawFieldValue } from '../../../local/clickup/world/field-values.ts'
import type { startDynamo } from '../../support/dynamo.ts'
import { openGate } from '../../support/gate.ts'
import { HOUR, setUpSync } from '../../sync/support.ts'

const PROMPTS = join(import.meta.dirname, '..', '..', '..', 'prompts')

/**
 * A workspace in which somebody has finished one task and begun another, heard of by the real consumer; and a third task, on which
 * summaries are told: as a comment, in its field `Digest`, and on the bus. Every summary is due at noon.
 */
export async function setUpTelling(embedded: Awaited<ReturnType<typeof startDynamo>>) {
  const its = await setUpSync(embedded)
  const { world, actor, list, fake, tables, clock } = its
  const place = { kind: 'list', id: list.id } as const
  const digest = world.createField(actor, { name: 'Digest', type: 'text', place })
  const board = its.task('Standup')
  const members = [{ id: String(its.maria.id), name: 'Maria', role: 1 }]
  await saveMembers({ dynamo: embedded.dynamo, table: tables.state }, 'main', { readAt: clock.time, members })
  await its.deliver(await its.deliveries())
  // The summary before was due now, and what follows is what happened since.
  its.pass(HOUR)
  const finished = its.task('Repair the bridge')
  const begun = its.task('Paint it')
  its.pass(HOUR)
  world.setStatus(actor, finished.id, 'complete')
  world.setStatus(actor, begun.id, 'in progress')
  await its.deliver(await its.deliveries())
  const due = clock.time + HOUR
  clock.time = due

  const calls: string[] = []
  const fetched: Fetch = async (url, init) => {
    const path = url.slice(url.indexOf('/v2'))
    calls.push(`${init.method} ${path}`)
    const authorization = new Headers(init.headers).get('authorization') ?? undefined
    const value = typeof init.body === 'string' ? parseJson(init.body) : undefined
    const answer = await fake.api({
      ...{ method: init.method ?? 'GET', path, authorization },
      body: async () => (value === undefined ? { kind: 'empty' } : { kind: 'json', value }),
    })
    if (answer.kind === 'disconnected') throw new TypeError('fetch failed')
    return Response.json(answer.body, { status: answer.status, headers: answer.headers })
  }
  const clickupBy = (fetch: Fetch) =>
    createClickUp({
      ...{ baseUrl: 'http://clickup.test/api', fetch, clock, random: () => 0, sleep: async () => undefined },
      ...{ gate: openGate, lane: 'write', token: async () => ({ token: fake.tokens.service, version: '1' }) },
    })
  const to = { comment: { task: board.id }, field: { task: board.id, name: 'Digest' }, event: true }
  const at = new Date(due).toISOString().slice(11, 16)
  const summary = (name: string) => ({
    ...{ name, connection: 'main', lists: [], spaces: [], timeZone: 'UTC', at, to },
    ...{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], audience: 'the team', prompt: 'v1' },
  })
  const settings = (summaries: readonly object[], recipes: readonly object[] = []) =>
    standupSettingsSchema.parse({
      ...{ model: null, caps: { dayUsd: 1, monthUsd: 1 }, blockers: { statuses: [], tags: [] }, maxInputTokens: 6_000 },
      ...{ reports: {}, summaries, recipes },
    })
  const notices: Notice[] = []
  let owners = 0
  const services = (over: Partial<StandupServices> & { fetch?: Fetch } = {}): StandupServices => {
    const { fetch = fetched, ...rest } = over
    const clickup = clickupBy(fetch)
    return {
      ...{ clock, log: its.services().log, metrics: { count: () => undefined } },
      ...{ settings: settings([summary('platform')]), dynamo: embedded.dynamo, tables },
      ...{ ask: notConfigured, prompt: (name) => readPrompt(PROMPTS, name), clickupOf: () => clickup },
      selfOf: async () => its.record.userId,
      publishNotice: async (notice) => void notices.push(notice),
      sendJobs: async () => undefined,
      owner: `worker ${owners++}`,
      ...rest,
    }
  }

  return {
    ...its,
    ...{ due, calls, notices, summary, settings, services, fetched, board, finished, begun },
    comments: () => [...world.store.comments.values()].map(({ text }) => text),
    digest: () => rawFieldValue(world.store.tasks.get(board.id)?.fields.get(digest.id)),
    idOf: (name: string) => {
      const [one] = settings([summary(name)]).summaries
      if (one === undefined) throw new Error('no summary')
      return summaryIdOf(questionOf(one, due).occasion)
    },
  }
}
