import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { PK, stateKey } from '../../../core/platform/tables.ts'
import { inApp } from '../../clickup/world/mutation.ts'
import type { Stage } from '../stage.ts'
import { should, type Turn } from '../turn.ts'

const functions = ['standup'] as const

/** A summary is told once a day; what was told stands in the state table, which is set back after each of these turns. */
async function tell(stage: Stage, job: 'summary' | 'round', name: string): Promise<void> {
  const before = stage.model.requests().length
  const at = new Date().toISOString()
  await stage.queues.send(stage.urlOf('standup'), JSON.stringify({ job, name, at }))
  await stage.work('standup')
  const { visible, delayed } = await stage.queues.waiting(stage.urlOf('standup'))
  should(visible + delayed === 0, `${name} was put off`)
  should(stage.model.requests().length > before, 'the model was not asked')
}

/** Something happens to the task that summaries are about, and is a change in the ledger when this ends. */
async function happen(stage: Stage): Promise<void> {
  const { world } = stage.clickup
  const person = world.users().find(({ bot }) => !bot)
  if (person === undefined) throw new Error('The demo workspace is empty')
  const { taskId, status } = stage.places
  const task = world.tasks().find(({ id }) => id === taskId)
  const end = Date.now()
  world.trackTime(inApp(person.id), { taskId, start: end - 60_000, end })
  if (task?.status.status !== status) world.setStatus(inApp(person.id), taskId, status)
  await stage.clickup.idle()
  await stage.work('consumer')
}

export const STANDUP_TURNS: readonly Turn[] = [
  {
    name: 'a summary of a list is told by the model, as a comment, a field and an event',
    functions,
    upsets: 'state',
    async play(stage) {
      await happen(stage)
      await tell(stage, 'summary', 'of-a-list')
    },
  },
  {
    name: 'a summary of a space is told',
    functions,
    upsets: 'state',
    play: (stage) => tell(stage, 'summary', 'of-a-space'),
  },
  {
    name: 'a summary of everything is told',
    functions,
    upsets: 'state',
    play: (stage) => tell(stage, 'summary', 'everything'),
  },
  {
    name: 'a recipe is done with each task that something happened to',
    functions,
    upsets: 'state',
    async play(stage) {
      await happen(stage)
      await tell(stage, 'round', 'digest')
    },
  },
  {
    name: 'a summary is told where state is none of ours',
    functions,
    upsets: 'state',
    async play(stage) {
      const { clients, details } = stage.system
      await happen(stage)
      const Item = { [PK]: stateKey(details.connection, 'upstream'), 'window:minute': 'full' }
      await clients.dynamo.send(new PutCommand({ TableName: details.tables.state, Item }))
      await tell(stage, 'summary', 'of-a-list')
    },
  },
]
