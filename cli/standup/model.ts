import { ENV } from '../../core/platform/env-names.ts'
import { modelSecretName } from '../../core/platform/names.ts'
import { keyHolder, readModelKey } from '../../core/secrets/model-key.ts'
import { secretsManagerSource } from '../../core/secrets/store.ts'
import { createAskModel } from '../../core/standup/model/ask.ts'
import type { AskModel } from '../../core/standup/model/model.ts'
import { notConfigured } from '../../core/standup/model/none.ts'
import { createSpending } from '../../core/standup/model/spend.ts'
import type { StandupSettings } from '../../core/standup/settings.ts'
import { openClients } from '../clients.ts'
import { Failure } from '../failure.ts'
import { type Io, sleepOf } from '../io.ts'
import type { Target } from '../target.ts'

/** Asks nobody, because that was wanted. */
const notAsked: AskModel = async () => ({
  ...{ kind: 'nothing', why: 'notAsked', reason: 'No model was to be asked.' },
  ...{ tokens: { input: 0, output: 0 }, costUsd: 0 },
})

/** The log and the metrics are the functions': what happens here is told to whoever runs the command. */
export const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }

type Asking = { template: boolean; profile?: string | undefined; region?: string | undefined }

export type Model = {
  ask: AskModel
  /** Why it did not answer, a sentence for each reason, as it comes to be known. */
  reasons: readonly string[]
  /** Lets go of what was opened for it. */
  close(): void
}

/**
 * The configured model, asked with the operator's own AWS credentials or the stage's key, under the stage's caps.
 * @throws Failure where no region is known in which Bedrock could be asked
 */
export async function modelOf(
  io: Io,
  target: Target,
  { model, caps }: Pick<StandupSettings, 'model' | 'caps'>,
  { template, profile, region: wanted }: Asking,
): Promise<Model> {
  const nothing = () => undefined
  if (template) return { ask: notAsked, reasons: [], close: nothing }
  if (model === null) return { ask: notConfigured, reasons: [], close: nothing }
  const clock = { now: io.now }
  // Those of the local stack are good for nothing else: Bedrock is asked as the operator, wherever the tables are.
  const place = model.region ?? wanted
  const own = openClients({ ...(profile && { profile }), ...(place && { region: place }) })
  const region = model.provider === 'bedrock' ? await regionOf(own) : ''
  const asking = createAskModel(model, {
    ...{ clock, sleep: sleepOf(io), log: silent, metrics: { count: nothing } },
    async key() {
      const { stage } = await target.home()
      return readModelKey(secretsManagerSource(target.secrets), modelSecretName(stage), keyHolder(model))
    },
    spend: createSpending({ dynamo: target.dynamo, table: target.tables.state, clock }, caps),
    region,
    baseUrl: process.env[ENV.modelUrl] || undefined,
    awsCredentials: () => own.dynamo.config.credentials(),
  })
  const reasons: string[] = []
  const ask: AskModel = async (question) => {
    const said = await asking(question)
    if (said.kind === 'nothing' && !reasons.includes(said.reason)) reasons.push(said.reason)
    return said
  }
  return { ask, reasons, close: own.close }
}

async function regionOf({ region }: { region(): Promise<string> }): Promise<string> {
  try {
    return await region()
  } catch {
    throw new Failure(
      'No AWS region is known in which Bedrock could be asked: name standup.model.region in the config, or use --template.',
    )
  }
}
