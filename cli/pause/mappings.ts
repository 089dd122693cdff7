import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import * as z from 'zod'
import { loadPause } from '../../core/pause/pause.ts'
import { type Io, sleepOf } from '../io.ts'
import { plain } from '../output/text.ts'
import type { Target } from '../target.ts'

/** What feeds functions: the queues of those that work and call. The verifier's route stays open. */
type Fed = 'deliveries' | 'jobs' | 'guard' | 'standup'
/** The state in Lambda's words: Enabled, Disabled, and Enabling or Disabling on the way. */
type Mapping = { queue: Fed; uuid: string; state: string }

export type Switched =
  | { kind: 'switched'; mappings: Mapping[] }
  /** Somebody has resumed what we paused, or the other way round: they are as that wants them. */
  | { kind: 'overtaken'; mappings: Mapping[] }
  /** Some are still on the way after a long time. */
  | { kind: 'slow'; mappings: Mapping[] }
  /** Lambda does not let us, or does not answer. */
  | { kind: 'refused'; reason: string; mappings: Mapping[] }

const LOOK_EVERY_MS = 1_000
/** Lambda takes some ten seconds. */
const PATIENCE_MS = 3 * 60_000

/**
 * Has Lambda poll the queues or leave them alone, and waits until it does: what lies in a queue meanwhile costs nothing and uses no
 * receive up. That nothing is done is for the functions to see to: this spares them the looking.
 *
 * Lambda takes its time, and somebody else may ask for the opposite meanwhile. What is written down of the pause decides, looked at
 * each time: else the slower of the two might leave a stage that is not paused with queues that nobody polls.
 */
export async function switchMappings(io: Io, target: Target, enabled: boolean): Promise<Switched> {
  const giveUpAt = io.now() + PATIENCE_MS
  let mappings: Mapping[] = []
  try {
    for (;;) {
      mappings = await findMappings(target)
      // After it: whoever changes his mind later sees what we have done.
      const polled = !(await isPaused(target))
      const wanted = polled ? 'Enabled' : 'Disabled'
      const other = mappings.filter(({ state }) => state !== wanted)
      if (other.length === 0) return { kind: polled === enabled ? 'switched' : 'overtaken', mappings }
      if (io.now() > giveUpAt) return { kind: 'slow', mappings }
      await Promise.all(other.map(({ uuid, state }) => change(target, uuid, state, polled)))
      const names = other.map(({ queue }) => queue).join(', ')
      io.progress?.(`Waiting until Lambda ${polled ? 'polls' : 'leaves alone'}: ${names} ...`)
      await sleepOf(io)(LOOK_EVERY_MS)
    }
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : 'for no stated reason'
    return { kind: 'refused', reason: plain(said), mappings }
  } finally {
    io.progress?.(null)
  }
}

/** What cannot be read is a pause to everybody. */
async function isPaused({ dynamo, tables }: Target): Promise<boolean> {
  try {
    return ((await loadPause({ dynamo, table: tables.state }))?.since ?? null) !== null
  } catch (error) {
    if (error instanceof z.ZodError) return true
    throw error
  }
}

async function findMappings(target: Target): Promise<Mapping[]> {
  const { ListEventSourceMappingsCommand } = await import('@aws-sdk/client-lambda')
  const [lambda, { deliveries, jobs, guard, standup }] = await Promise.all([target.more.lambda(), target.queues()])
  const queues = Object.entries({ deliveries, jobs, guard, standup }) satisfies [string, string | undefined][]
  const found = await Promise.all(
    queues.map(async ([name, url]) => {
      const queue = FED.find((each) => each === name)
      if (url === undefined || queue === undefined) return []
      const EventSourceArn = await arnOf(target, url)
      const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn }))
      return EventSourceMappings.flatMap(({ UUID, State }) =>
        UUID === undefined ? [] : [{ queue, uuid: UUID, state: State ?? 'unknown' }],
      )
    }),
  )
  return found.flat()
}

const FED: readonly Fed[] = ['deliveries', 'jobs', 'guard', 'standup']

async function arnOf({ sqs }: Target, url: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] })
  const { Attributes } = await sqs.send(command)
  const arn = Attributes?.['QueueArn']
  if (arn === undefined) throw new Error(`SQS told no ARN of ${url}`)
  return arn
}

const AT_IT: ReadonlySet<string> = new Set(['ResourceInUseException', 'ResourceConflictException'])

/** One that is on the way is left alone until it has arrived. */
async function change(target: Target, uuid: string, state: string, enabled: boolean): Promise<void> {
  if (state !== 'Enabled' && state !== 'Disabled') return
  const { UpdateEventSourceMappingCommand } = await import('@aws-sdk/client-lambda')
  const lambda = await target.more.lambda()
  try {
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: enabled }))
  } catch (error) {
    // Somebody else, a deploy say, is at it: the next look tells what came of it.
    if (!(error instanceof Error) || !AT_IT.has(error.name)) throw error
  }
}
