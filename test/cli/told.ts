import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { Input } from '../../cli/input.ts'
import { main } from '../../cli/main.ts'
import { tokenSecretName } from '../../core/platform/names.ts'
import { saveSpace, saveSpaceIds } from '../../core/sync/hierarchy.ts'
import { saveMembers } from '../../core/sync/members.ts'
import { startFakeClickUp } from '../../local/clickup/server.ts'
import { aChange, complete, directory, logTime, NOW, type Ran, record, startStack } from './stack.ts'
import { HOUR, saveRecord, stateOf } from './states.ts'

const ROADMAP = { id: '901', name: 'Roadmap' }
const CAMPAIGN = { id: '902', name: 'Campaign' }
const PRODUCT = { id: '77', name: 'Product' }
const MARKETING = { id: '78', name: 'Marketing' }
const ADA = { id: '7', name: 'Ada' }
/** Before the summary of Wednesday at nine, and within a day of now. */
const AT = NOW - 20 * HOUR
const BUS = 'hookline-dev'

type Asked = { input?: Input; now?: number; onProgress?: (line: string | null) => void }

/** A connected stack in which something has happened, with a ClickUp of its own; summaries are configured by each test. */
export async function startTold() {
  const stack = await startStack()
  const clickup = await startFakeClickUp({ seed: 5, plan: 'Enterprise', demo: true, mostInAList: 2 })
  const folder = mkdtempSync(join(tmpdir(), 'hookline-config-'))
  stack.gateway.createBus(BUS)
  await stack.gateway.createSecret({
    name: tokenSecretName('dev', 'main'),
    value: JSON.stringify({ v: 1, token: clickup.tokens.service }),
  })
  const home = directory({
    ...{ ...stack.local, stage: 'dev', apiUrl: 'http://127.0.0.1:9/api', clickupUrl: clickup.url, busName: BUS },
    queues: { ...stack.queues, jobs: stack.queues.quarantine, standup: stack.queues.quarantine },
  })
  await saveRecord(stack)
  await happen(stack)
  let configs = 0
  const [task] = clickup.world.tasks()
  const self = clickup.world.users().find(({ bot }) => bot)?.id
  if (task === undefined || self === undefined) throw new Error('the workspace has no task, or nobody to comment on it')

  return {
    ...stack,
    clickup,
    /** A task that summaries may go to. */
    taskId: task.id,
    /** Where the command finds prompts of its own, when there are some. */
    cwd: home.path,
    /** What the config says of summaries from now on. */
    configure(standup: object | undefined): void {
      const path = join(folder, `config-${configs++}.ts`)
      writeFileSync(path, `export default ${JSON.stringify({ stage: 'dev', ...(standup && { standup }) })}\n`)
      vi.stubEnv('HOOKLINE_CONFIG', path)
    },
    /** The project's prompts, to be changed. */
    copyPrompts(): string {
      const own = join(home.path, 'prompts')
      cpSync(join(import.meta.dirname, '../../prompts'), own, { recursive: true })
      return own
    },
    /** Texts of Hookline's comments on the task, oldest first. */
    comments: () =>
      [...clickup.world.store.comments.values()]
        .filter(({ taskId, userId }) => taskId === task.id && userId === self)
        .map(({ text }) => text),
    async hookline(args: readonly string[], { input, now = NOW, onProgress }: Asked = {}): Promise<Ran> {
      const ran: Ran = { status: null, out: '', err: '' }
      const status = await main(['standup', ...args], {
        write: (text) => {
          ran.out += text
        },
        note: (line) => {
          ran.err += `${line}\n`
        },
        ...{ columns: undefined, colours: false, now: () => now, cwd: home.path },
        ...(onProgress && { progress: onProgress }),
        ...(input && { input }),
        sleep: async () => undefined,
      })
      return { ...ran, status }
    },
    async close() {
      vi.unstubAllEnvs()
      home.remove()
      rmSync(folder, { recursive: true })
      await clickup.close()
      await stack.close()
    },
  }
}
export type ToldStack = Awaited<ReturnType<typeof startTold>>

/** A task that is done, one that waits, one that became urgent, and one of another space. */
async function happen(stack: Awaited<ReturnType<typeof startStack>>): Promise<void> {
  const state = stateOf(stack)
  const place = (space: typeof PRODUCT, list: typeof ROADMAP) => ({
    ...space,
    ...{ archived: false, fields: {}, listedAt: NOW, folders: [] },
    lists: [{ ...list, folderId: null, archived: false, startAt: null, dueAt: null, taskCount: null }],
  })
  await saveSpace(state, 'main', place(PRODUCT, ROADMAP))
  await saveSpace(state, 'main', place(MARKETING, CAMPAIGN))
  await saveSpaceIds(state, 'main', { readAt: NOW, spaceIds: [PRODUCT.id, MARKETING.id] })
  await saveMembers(state, 'main', { readAt: NOW, members: [{ ...ADA, role: 3 }] })
  const of = (id: string) => ({ resource: { kind: 'task' as const, id }, at: AT, actor: ADA })
  const status = (name: string, type: string) => ({ name, type })
  await complete(stack, [
    aChange({ ...of('t1'), before: status('doing', 'custom'), after: status('done', 'done') }),
    aChange({ ...of('t2'), before: status('doing', 'custom'), after: status('blocked', 'custom') }),
    aChange({
      ...of('t3'),
      field: 'priority',
      before: { id: '3', name: 'normal' },
      after: { id: '1', name: 'urgent' },
    }),
    aChange({ ...of('t4'), before: status('doing', 'custom'), after: status('done', 'done'), listId: CAMPAIGN.id }),
  ])
  const common = { createdAt: AT - 100 * HOUR, updatedAt: AT, assignees: [ADA] }
  const roadmap = { ...common, list: ROADMAP, space: PRODUCT }
  await record(stack, 't1', { ...roadmap, name: 'Fix the login', status: status('done', 'done'), doneAt: AT })
  await record(stack, 't2', { ...roadmap, name: 'Move the database', status: status('blocked', 'custom') })
  await record(stack, 't3', { ...roadmap, name: 'Renew certificates', status: status('doing', 'custom') })
  const campaign = { ...common, list: CAMPAIGN, space: MARKETING, name: 'Spring mailing' }
  await record(stack, 't4', { ...campaign, status: status('done', 'done'), doneAt: AT })
  await logTime(stack, 't1', 'e1')
}
