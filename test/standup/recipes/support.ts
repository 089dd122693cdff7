import { observationOf, taskAnswerSchema } from '../../../core/clickup/task.ts'
import { type Change, changeSchema } from '../../../core/ledger/change.ts'
import { createLedger } from '../../../core/ledger/ledger.ts'
import { timePart } from '../../../core/platform/tables.ts'
import { reportSettingsSchema } from '../../../core/report/settings.ts'
import type { StandupJobInput } from '../../../core/standup/job.ts'
import type { AskModel } from '../../../core/standup/model/model.ts'
import { notConfigured } from '../../../core/standup/model/none.ts'
import { readPrompt } from '../../../core/standup/say/prompts.ts'
import type { StandupServices } from '../../../core/standup/services.ts'
import type { RecipeSettings, StandupSettings } from '../../../core/standup/settings.ts'
import { saveMembers } from '../../../core/sync/members.ts'
import { createTaskStore } from '../../../core/tasks/store.ts'
import type { Fetch } from '../../../core/upstream/exchange.ts'
import { rawFieldValue } from '../../../local/clickup/world/field-values.ts'
import { manualClock, startSmall } from '../../local-clickup/support.ts'
import { clientOf } from '../../support/clickup-client.ts'
import type { startDynamo } from '../../support/dynamo.ts'

export const SETTINGS: StandupSettings = {
  model: null,
  caps: { dayUsd: 1, monthUsd: 10 },
  blockers: { statuses: ['blocked', 'on hold'], tags: ['blocked'] },
  maxInputTokens: 6_000,
  reports: reportSettingsSchema.parse({}),
  summaries: [],
  recipes: [],
}

export const RECIPE: RecipeSettings = {
  ...{ name: 'handover', connection: 'main', lists: [], spaces: [], prompt: 'task/v1' },
  on: { kind: 'status', status: 'In Progress' },
  act: { kind: 'comment' },
}

export const ANN = { id: '301', name: 'Ann Meyer' }
export const BEN = { id: '302', name: 'Ben Cole' }
export const SELF = { id: '7', name: 'Hookline' }

/** A model that always says the same. */
export const saying =
  (value: unknown, questions: { instructions: string; data: string }[] = []): AskModel =>
  async (question) => {
    questions.push(question)
    return {
      ...{ kind: 'said', value: question.answer.parse(value), provider: 'test', model: 'small' },
      ...{ tokens: { input: 100, output: 10 }, costUsd: 0.001 },
    }
  }

const HEX = 16
let changes = 0

/** A change of a task as the ledger holds it: what is not said does not matter. */
export function changeOf(taskId: string, at: number, over: Partial<Change>): Change {
  changes += 1
  return changeSchema.parse({
    id: changes.toString(HEX).padStart(64, '0'),
    ...{ connection: 'main', resource: { kind: 'task', id: taskId }, field: 'status', customField: null },
    ...{ before: null, after: null, at, atEarliest: at, order: timePart(at), actor: ANN, origin: 'webhook' },
    ...{ receivedAt: at + 500, listId: null },
    ...over,
  })
}

/** The change of a status; the type decides whether the task counts as done. */
export const hop = (taskId: string, at: number, from: string | null, to: string, over: Partial<Change> = {}): Change =>
  changeOf(taskId, at, { before: from === null ? null : statusValue(from), after: statusValue(to), ...over })

const TYPES: Readonly<Record<string, string>> = { 'to do': 'open', complete: 'closed', done: 'done' }
const statusValue = (name: string) => ({ name, type: TYPES[name] ?? 'custom' })

/** Real tables, a fake ClickUp, and recipes; every call to ClickUp and every question to a model is noted. */
export async function setUpRecipes(
  { dynamo, tables: freshTables }: Awaited<ReturnType<typeof startDynamo>>,
  options: {
    recipes?: readonly RecipeSettings[]
    ask?: AskModel
    intercept?: Fetch
    settings?: Partial<StandupSettings>
  },
) {
  const { recipes = [RECIPE], ask = notConfigured, intercept } = options
  const clock = manualClock()
  const small = await startSmall({ clock })
  const { world, actor, fake, list } = small
  const tables = await freshTables()
  const members = [ANN, BEN, SELF].map((person) => ({ ...person, role: null }))
  await saveMembers({ dynamo, table: tables.state }, 'main', { readAt: clock.now(), members })
  const calls: string[] = []
  const fetched: Fetch = (url, init) => {
    calls.push(`${init.method} ${new URL(url).pathname.replace('/api/v2', '')}`)
    return intercept === undefined ? fetch(url, init) : intercept(url, init)
  }
  const clickup = clientOf(fake.url, fake.tokens.service, { fetch: fetched })
  const reader = clientOf(fake.url, fake.tokens.service)
  const jobs: StandupJobInput[] = []
  const lines: { message: string; fields: unknown }[] = []
  const asked: { instructions: string; data: string }[] = []
  const log = (message: string, fields = {}) => void lines.push({ message, fields })
  let owners = 0
  const store = createTaskStore({ dynamo, table: tables.tasks })
  const ledger = () => {
    owners += 1
    const over = { owner: `consumer ${owners}`, leaseMs: 90_000, keepDays: 400 }
    return createLedger({ dynamo, table: tables.ledger, clock, ...over })
  }

  function services(over: Partial<StandupServices> = {}): StandupServices {
    owners += 1
    return {
      ...{ clock, dynamo, tables, settings: { ...SETTINGS, recipes: [...recipes], ...options.settings } },
      log: { info: log, warn: log, error: log },
      metrics: { count: () => undefined },
      ask: (question) => {
        asked.push(question)
        return ask(question)
      },
      prompt: (name) => readPrompt('prompts', name),
      clickupOf: () => clickup,
      selfOf: async () => SELF.id,
      publishNotice: async () => undefined,
      sendJobs: async (some) => void jobs.push(...some),
      owner: `worker ${owners}`,
      ...over,
    }
  }

  async function read(taskId: string) {
    const answer = await reader.get(`/task/${taskId}`, taskAnswerSchema)
    if (answer.kind !== 'ok') throw new Error(answer.kind)
    const { snapshot = null } = (await store.load('main', [taskId])).get(taskId) ?? {}
    return store.record('main', observationOf(answer.value, clock.now(), false), snapshot)
  }

  return {
    ...small,
    ...{ clock, tables, calls, jobs, lines, asked, services, dynamo, read },
    /** A task in ClickUp, read as the consumer reads it. */
    async task(name: string, status = 'in progress', listId = list.id) {
      const task = world.createTask(actor, { listId, name })
      world.setStatus(actor, task.id, status)
      clock.advance(10_000)
      await read(task.id)
      return task
    },
    /** Brings changes into the ledger, as the consumer does. */
    async tell(...told: readonly Change[]) {
      for (const change of told) {
        const mine = ledger()
        await mine.claim(change)
        await mine.complete(change, Math.max(change.at, change.receivedAt))
      }
    },
    claim: (change: Change) => ledger().claim(change),
    comments: () => [...world.store.comments.values()].map(({ text }) => text),
    shownIn(taskId: string, name: string): unknown {
      const field = [...world.store.fields.values()].find((each) => each.name === name)
      return rawFieldValue(world.store.tasks.get(taskId)?.fields.get(field?.id ?? ''))
    },
  }
}
