import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { type Input, Interrupted } from '../../cli/input.ts'
import { main } from '../../cli/main.ts'
import { type Job, parseJob } from '../../core/sync/job.ts'
import { directory, NOW, type Ran, startStack } from './stack.ts'

/** What happens each time that the command waits, one after the other; then nothing more does. */
type Happening = (clock: { now(): number }) => Promise<unknown>

type Looked = { onTerminal?: boolean; endsAfterMs?: number; input?: Input }

/** A stack whose jobs queue nobody works on but the test. */
export async function startFollowed() {
  const stack = await startStack()
  const details = { stage: 'dev', apiUrl: 'http://127.0.0.1:9/api', clickupUrl: 'http://127.0.0.1:9' }
  const jobs = stack.queues.quarantine
  const home = directory({ ...stack.local, ...details, queues: { ...stack.queues, jobs } })
  return {
    ...stack,
    /** The command with a clock that only waiting moves on; `onTerminal`: with a line that is written over. */
    async hookline(
      args: readonly string[],
      happenings: readonly Happening[] = [],
      { onTerminal = false, endsAfterMs = Number.POSITIVE_INFINITY, input }: Looked = {},
    ) {
      const ran: Ran & { lines: (string | null)[]; clock: number } = {
        ...{ status: null, out: '', err: '', lines: [], clock: NOW },
      }
      const left = [...happenings]
      const status = await main(args, {
        write: (text) => {
          ran.out += text
        },
        note: (line) => {
          ran.err += `${line}\n`
        },
        ...(onTerminal ? { progress: (line) => void ran.lines.push(line) } : {}),
        columns: undefined,
        colours: false,
        now: () => ran.clock,
        cwd: home.path,
        ...(input === undefined ? {} : { input }),
        sleep: async (ms) => {
          ran.clock += ms
          if (ran.clock - NOW >= endsAfterMs) throw new Interrupted()
          await left.shift()?.({ now: () => ran.clock })
        },
      })
      return { ...ran, status }
    },
    /** What was put on the jobs queue since it was asked last. */
    async jobs(): Promise<(Job | null)[]> {
      const { Messages = [] } = await stack.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: jobs, MaxNumberOfMessages: 10 }),
      )
      return Messages.map(({ Body = '' }) => parseJob(Body))
    },
    async close() {
      home.remove()
      await stack.close()
    },
  }
}
export type Followed = Awaited<ReturnType<typeof startFollowed>>
