import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager'
import * as z from 'zod'
import { openClients } from '../../cli/clients.ts'
import type { Input } from '../../cli/input.ts'
import { signingSecretName, tokenSecretName } from '../../core/platform/names.ts'
import type { Rotated } from '../../core/rotation/report.ts'
import { createReporter } from '../../core/rotation/reporter.ts'
import { CURRENT, createVersions, holderOf, PENDING } from '../../core/secrets/versions.ts'
import { startFollowed } from './followed.ts'
import { saveRecord, stateOf } from './states.ts'

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:hookline-dev-rotate'
export const TOKEN = `${'pk'}_1_OLD`
const stepSchema = z.looseObject({ Step: z.string(), SecretId: z.string(), ClientRequestToken: z.string() })

/**
 * A connected stack whose secrets are rotated by nobody but the test: Secrets Manager calls a function that never ends.
 * @param rotates false for the stage of an earlier version
 */
export async function startRotated({ rotates = true } = {}) {
  const stack = await startFollowed()
  const { url, local } = stack
  const clients = openClients({ credentials: local.credentials, region: local.region }, { secretsmanager: url })
  const steps: z.infer<typeof stepSchema>[] = []
  stack.gateway.onInvoke((_, payload) => {
    steps.push(stepSchema.parse(payload))
    return new Promise(() => undefined)
  })
  const names = { signing: signingSecretName('dev', 'main'), token: tokenSecretName('dev', 'main') }
  const values = { signing: { v: 1, slots: {} }, token: { v: 1, token: TOKEN } }
  for (const rotated of ['signing', 'token'] as const) {
    const [name, value] = [names[rotated], JSON.stringify(values[rotated])]
    if (rotates) await stack.gateway.createSecret({ name, value, rotationLambdaArn: ARN })
    else await clients.secrets.send(new CreateSecretCommand({ Name: name, SecretString: value }))
  }
  await saveRecord(stack)
  const versionsOf = (rotated: Rotated) => createVersions(clients.secrets, names[rotated])
  const runs = () => steps.map((step) => step.ClientRequestToken)

  return {
    ...stack,
    secrets: clients.secrets,
    names,
    /** The versions that Secrets Manager was asked for, in order. */
    runs,
    /** The one that was asked for last. */
    run: () => runs().at(-1) ?? 'none',
    versions: versionsOf,
    /** What its function writes down: `at` is the clock of whoever follows. */
    reporter: (rotated: Rotated, at: { now(): number }) => createReporter(stateOf(stack), 'main', rotated, at),
    /** As Secrets Manager leaves the labels when all four steps went well. */
    async promote(rotated: Rotated, run: string, text: string) {
      await versionsOf(rotated).putPending(run, text)
      await versionsOf(rotated).promote(run)
    },
    /** Who holds AWSCURRENT and AWSPENDING, and what the current version says. */
    async labels(rotated: Rotated) {
      const { labels } = await versionsOf(rotated).describe()
      return { current: holderOf(labels, CURRENT), pending: holderOf(labels, PENDING) }
    },
    async close() {
      clients.close()
      await stack.close()
    },
  }
}
export type RotatedStack = Awaited<ReturnType<typeof startRotated>>

/** Somebody at a terminal who gives these answers; what was asked is kept. */
export function answering(answers: readonly string[]): Input & { asked: string[] } {
  const left = [...answers]
  const asked: string[] = []
  const answer = async (question: string) => {
    asked.push(question)
    const next = left.shift()
    if (next === undefined) throw new Error(`nobody answers: ${question}`)
    return next
  }
  return { isTerminal: true, line: answer, hidden: answer, all: async () => '', asked }
}

/** What is piped in, where nobody can be asked. */
export const piped = (text: string): Input => ({
  isTerminal: false,
  line: () => Promise.reject(new Error('nobody is there')),
  hidden: () => Promise.reject(new Error('nobody is there')),
  all: async () => text,
})
