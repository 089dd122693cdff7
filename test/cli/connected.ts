import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { type Input, Interrupted } from '../../cli/input.ts'
import { main } from '../../cli/main.ts'
import { loadConnection } from '../../core/clickup/connection-record.ts'
import { signingSecretName, tokenSecretName, webhookUrl } from '../../core/platform/names.ts'
import { parseSigningSecret } from '../../core/secrets/signing.ts'
import { parseTokenSecret } from '../../core/secrets/token.ts'
import { type Job, parseJob } from '../../core/sync/job.ts'
import { startFakeClickUp } from '../../local/clickup/server.ts'
import { awsClients } from '../../local/start/clients.ts'
import { directory, type Ran, startStack, TABLES } from './stack.ts'

const API_URL = 'http://127.0.0.1:9/api'
const ROTATES = 'arn:aws:lambda:us-east-1:000000000000:function:hookline-dev-rotate'
const [TOKEN, SIGNING] = [tokenSecretName('dev', 'main'), signingSecretName('dev', 'main')]

/** What the operator gives; with `endsAfterMs` Ctrl-C after so much waiting. */
type Given = { stdin?: string; answers?: readonly string[]; endsAfterMs?: number }

/** A local stack that was not connected yet, beside a ClickUp of its own. */
export async function startUnconnected() {
  const stack = await startStack()
  const clickup = await startFakeClickUp({ seed: 5, plan: 'Enterprise', demo: true })
  const { credentials, region } = stack.local
  const clients = awsClients({ endpoint: stack.url, region, credentials })
  for (const [name, value] of [
    [TOKEN, { v: 1, token: null }],
    [SIGNING, { v: 1, slots: {} }],
  ] as const)
    await stack.gateway.createSecret({
      name,
      value: JSON.stringify(value),
      rotationLambdaArn: `${ROTATES}-${name.split('/').at(-1)}`,
    })
  // Any queue will do: nobody works on jobs here.
  const jobs = stack.queues.quarantine
  const queues = { ...stack.queues, jobs }
  const details = { ...stack.local, stage: 'dev', apiUrl: API_URL, clickupUrl: clickup.url, queues }
  const home = directory(details)
  const state = { dynamo: clients.dynamo, table: TABLES.state }
  let ahead = 0
  const clock = { now: () => Date.now() + ahead }
  const waiting: { until: number; wake: () => void }[] = []
  const secretOf = async (SecretId: string) =>
    (await clients.secrets.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? ''

  return {
    clickup,
    state,
    clients,
    clock,
    gateway: stack.gateway,
    queues,
    /** For what goes on beside the command: waits until the command's waiting has moved the clock on by so much. */
    sleepBeside: (ms: number) => new Promise<void>((wake) => waiting.push({ until: clock.now() + ms, wake })),
    /** The command, with a clock that waiting moves on, and somebody who answers its questions where answers are given. */
    async hookline(args: readonly string[], { stdin, answers, endsAfterMs = Number.POSITIVE_INFINITY }: Given = {}) {
      const ran: Ran & { asked: string[] } = { status: null, out: '', err: '', asked: [] }
      const left = [...(answers ?? [])]
      const answer = async (question: string) => {
        ran.asked.push(question)
        const next = left.shift()
        if (next === undefined) throw new Error(`nobody answers: ${question}`)
        return next
      }
      const input: Input = {
        isTerminal: answers !== undefined,
        line: answer,
        hidden: answer,
        all: async () => stdin ?? '',
      }
      let slept = 0
      const status = await main(args, {
        write: (text) => {
          ran.out += text
        },
        note: (line) => {
          ran.err += `${line}\n`
        },
        columns: undefined,
        colours: false,
        now: clock.now,
        cwd: home.path,
        input,
        sleep: async (ms) => {
          slept += ms
          ahead += ms
          if (slept >= endsAfterMs) throw new Interrupted()
          for (const { until, wake } of waiting) if (until <= clock.now()) wake()
        },
      })
      return { ...ran, status }
    },
    signing: async () => parseSigningSecret(await secretOf(SIGNING)).slots,
    token: async () => parseTokenSecret(await secretOf(TOKEN)).token,
    record: () => loadConnection(state, 'main'),
    url: (slot: 'a' | 'b') => webhookUrl(API_URL, 'main', slot),
    webhooks: () => [...clickup.webhooks.all()],
    async jobs(): Promise<(Job | null)[]> {
      const { Messages = [] } = await clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: jobs, MaxNumberOfMessages: 10 }),
      )
      return Messages.map(({ Body = '' }) => parseJob(Body))
    },
    async close() {
      home.remove()
      clients.destroy()
      await clickup.close()
      await stack.close()
    },
  }
}
export type Unconnected = Awaited<ReturnType<typeof startUnconnected>>
