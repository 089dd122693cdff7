import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import type { StandupJobInput } from '../../core/standup/job.ts'
import { until } from '../start/until.ts'
import type { Round } from './rounds.ts'
import type { Stage } from './stage.ts'

const DEADLINE_MS = 60_000

/** Comments of a summary, as ClickUp has them: by the line that ends each. */
export const commentsOf = (
  { clickup, prepared }: Pick<Stage, 'clickup' | 'prepared'>,
  name: string,
): readonly string[] =>
  (clickup.world.store.commentIdsByTask.get(prepared.notesId) ?? [])
    .flatMap((id) => clickup.world.store.comments.get(id)?.text ?? [])
    .filter((text) => markLine(text).includes(` ${name} `))

/** The last line, by which a summary finds its comment again. */
const markLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''

export const eventOf = ({ summaries }: Pick<Stage, 'summaries'>, name: string) =>
  summaries().filter((each) => each.name === name)

/** Puts the job of a summary on its queue as its schedule does. @returns when it was due, for whoever sends it once more */
export async function fire(stage: Stage, name: string): Promise<string> {
  const schedule = stage.system.stack.schedules.find((each) => each.name === name || each.name.endsWith(`-${name}`))
  if (schedule === undefined)
    throw new Error(
      `No schedule is called ${name}: ${stage.system.stack.schedules.map((each) => each.name).join(', ')}`,
    )
  const at = new Date().toISOString().replace(/\.\d+Z$/, 'Z')
  await schedule.fire()
  return at
}

/** The same job once more, as a queue may hand out a message twice. */
export async function sendAgain({ system }: Stage, name: string, at: string): Promise<void> {
  const job: StandupJobInput = { job: 'summary', name, at }
  await system.clients.sqs.send(new SendMessageCommand({ QueueUrl: queueOf(system), MessageBody: JSON.stringify(job) }))
}

/** Waits until a summary has come to where it goes. */
export const arrived = (stage: Stage, { name }: Pick<Round, 'name'>, deadlineMs = DEADLINE_MS) =>
  until(() => (commentsOf(stage, name).length > 0 && eventOf(stage, name).length > 0 ? true : undefined), {
    ...{ what: `the summary ${name}`, deadlineMs, everyMs: 50 },
  })

/** Waits until nobody works on anything; what was put off may wait on. */
export const atRest = ({ system }: Pick<Stage, 'system'>) =>
  until(
    async () => {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
      const asked = new GetQueueAttributesCommand({ QueueUrl: queueOf(system), AttributeNames: [...AttributeNames] })
      const { Attributes = {} } = await system.clients.sqs.send(asked)
      return AttributeNames.every((name) => Attributes[name] === '0') ? true : undefined
    },
    { what: 'the summaries to be told', deadlineMs: DEADLINE_MS, everyMs: 50 },
  )

function queueOf({ details }: Stage['system']): string {
  const { standup } = details.queues
  if (standup === undefined) throw new Error('The template has no queue of summaries')
  return standup
}
