import { type EventBus, Rule } from 'aws-cdk-lib/aws-events'
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { Construct } from 'constructs'
import { ENV } from '../../core/platform/env-names.ts'
import { modelSecretName, tokenSecretName } from '../../core/platform/names.ts'
import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY } from '../../core/platform/tables.ts'
import { recipePattern } from '../../core/standup/recipes/pattern.ts'
import type { StandupSettings } from '../../core/standup/settings.ts'
import type { Config } from '../config.ts'
import type { DataStack } from '../data-stack.ts'
import { STANDUP } from '../rights.ts'
import { promptFiles } from '../standup/prompts.ts'
import { standupSettingsOf } from '../standup/settings.ts'
import { QUEUE_RETENTION_DAYS, STANDUP_TIMEOUT_SECONDS } from '../timing.ts'
import { encryptionKeyOf } from './encryption-key.ts'
import { HooklineFunction } from './hookline-function.ts'
import { JobsQueue } from './jobs-queue.ts'
import { type Scheduled, StandupSchedules } from './standup-schedules.ts'

export type StandupProps = {
  config: Config
  data: Pick<DataStack, 'ledger' | 'tasks' | 'state'>
  bus: EventBus
}

/** Summaries and recipes: what is due, what happens that concerns them, and the one function that works both off. */
export class Standup extends Construct {
  readonly jobs: JobsQueue

  constructor(scope: Construct, id: string, { config, data, bus }: StandupProps) {
    super(scope, id)
    const settings = standupSettingsOf(config)
    const { model, summaries, recipes } = settings
    this.jobs = new JobsQueue(this, 'Jobs', {
      timeoutSeconds: STANDUP_TIMEOUT_SECONDS,
      // Nobody asks for a recipe's job again.
      keepDays: QUEUE_RETENTION_DAYS,
      encryptionKey: encryptionKeyOf(this, config),
    })
    const named = new Set([...summaries, ...recipes].map(({ connection }) => connection))
    const connections = config.connections.filter(({ name }) => named.has(name))
    const tokens = connections.map(({ name }) => tokenSecretName(config.stage, name))

    const standup = new HooklineFunction(this, 'Function', {
      name: 'standup',
      description: 'Tells what happened, by a model or by template, and does recipes with single tasks',
      memoryMb: 512,
      timeoutSeconds: STANDUP_TIMEOUT_SECONDS,
      // What has to wait is sent anew.
      allowRecursion: true,
      config,
      // Lambda's environment takes 4 KB in all.
      files: { 'standup.json': JSON.stringify(settings), ...promptFiles(settings) },
    })
      .knows(ENV.stage, config.stage)
      .canReadSecrets(tokens, ENV.connections, JSON.stringify(connections))
      .canUseTable(data.ledger, ENV.ledgerTable, STANDUP.ledger)
      .canUseIndexes(data.ledger, [BY_DAY], STANDUP.ledgerIndexes)
      .canUseTable(data.tasks, ENV.tasksTable, STANDUP.tasks)
      .canUseIndexes(data.tasks, [BY_LIST, BY_SPACE, BY_TIME_DAY], STANDUP.tasksIndexes)
      .canUseTable(data.state, ENV.stateTable, STANDUP.state)
      .canUseQueue(this.jobs.queue, ENV.standupQueueUrl, STANDUP.queue)
      .canPublishTo(bus, ENV.busName)
      // A model is waited for: one by one, and few at once, because ClickUp's budget for writing is small.
      .consumes(this.jobs.queue, { batchSize: 1, maxConcurrency: 2 })
    if (model?.provider === 'bedrock') standup.canAskModel(model.id, model.region, STANDUP.model)
    else if (model !== null) standup.canReadSecrets([modelSecretName(config.stage)], ENV.stage, config.stage)

    const scheduled = scheduledOf(settings)
    if (scheduled.length > 0) new StandupSchedules(this, 'Schedules', { config, to: this.jobs, scheduled })
    this.listen(bus, settings)
  }

  private listen(bus: EventBus, { recipes }: StandupSettings): void {
    const pattern = recipePattern(recipes)
    if (pattern === null) return
    const { source, 'detail-type': detailType, detail } = pattern
    new Rule(this, 'Events', {
      eventBus: bus,
      description: 'Tasks that come into a status that a recipe waits for',
      eventPattern: { source, detailType, detail },
      targets: [new SqsQueue(this.jobs.queue, { deadLetterQueue: this.jobs.failed })],
    })
  }
}

const scheduledOf = ({ summaries, recipes }: StandupSettings): Scheduled[] => [
  ...summaries.map((summary): Scheduled => ({ job: 'summary', name: summary.name, rhythm: summary })),
  ...recipes.flatMap(({ name, on }): Scheduled[] =>
    on.kind === 'schedule' ? [{ job: 'round', name, rhythm: on }] : [],
  ),
]
