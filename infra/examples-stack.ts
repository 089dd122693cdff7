import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Aws, Duration, Stack, Validations } from 'aws-cdk-lib'
import { type EventBus, EventField, type EventPattern, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events'
import { SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Queue, type QueueProps } from 'aws-cdk-lib/aws-sqs'
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions'
import type { Construct } from 'constructs'
import { ENV } from '../core/platform/env-names.ts'
import { slackSecretName, PATTERN as TASK_DONE } from '../examples/slack-on-done/subscription.ts'
import { PATTERN as ANY_TASK, databaseSecretName } from '../examples/sql-upsert/subscription.ts'
import { INPUT_PATHS, PATTERN as TASK_URGENT } from '../examples/start-step-function/subscription.ts'
import type { Config } from './config.ts'
import { encryptionKeyOf } from './constructs/encryption-key.ts'
import { HooklineFunction } from './constructs/hookline-function.ts'
import { queueEncryption } from './constructs/queue-encryption.ts'
import { acknowledge } from './nag.ts'

const EXAMPLES = join(import.meta.dirname, '..', 'examples')
/** Ten events that each wait their longest for the other side, five seconds, still end within it. */
const TIMEOUT_SECONDS = 60
/** EventBridge's own longest: a target that is down for a day loses nothing. */
const RETRIES = { maxEventAge: Duration.hours(24), retryAttempts: 185 }
/** Six time-outs apart, so about an hour of retries before somebody has to look. */
const MAX_RECEIVES = 10

export type ExamplesStackProps = {
  /** The bus that changes are published on. */
  bus: EventBus
  config: Pick<Config, 'stage' | 'logDays' | 'encryptionKeyArn'>
}

/** The subscribers of `examples/`: each with a rule, a dead-letter queue and a role of its own. */
export class ExamplesStack extends Stack {
  private readonly bus: EventBus
  private readonly common: QueueProps

  constructor(scope: Construct, id: string, { bus, config }: ExamplesStackProps) {
    super(scope, id, { description: `Hookline ${config.stage}: example subscribers of the event bus` })
    this.bus = bus
    const encryption = queueEncryption(encryptionKeyOf(this, config))
    this.common = { ...encryption, enforceSSL: true, retentionPeriod: Duration.days(14) }

    new HooklineFunction(this, 'SlackOnDone', {
      name: 'example-slack-on-done',
      entry: join(EXAMPLES, 'slack-on-done', 'handler.ts'),
      description: 'Posts to Slack when a task is done',
      memoryMb: 256,
      timeoutSeconds: TIMEOUT_SECONDS,
      config,
    })
      .canReadSecrets([slackSecretName(config.stage)], ENV.stage, config.stage)
      // Slack takes about one message a second for each webhook.
      .consumes(this.queueOf('Slack', TASK_DONE), { maxConcurrency: 2 })

    new HooklineFunction(this, 'SqlUpsert', {
      name: 'example-sql-upsert',
      entry: join(EXAMPLES, 'sql-upsert', 'handler.ts'),
      description: 'Keeps a SQL table of the tasks as last read',
      memoryMb: 256,
      timeoutSeconds: TIMEOUT_SECONDS,
      config,
    })
      .canReadSecrets([databaseSecretName(config.stage)], ENV.stage, config.stage)
      // As many connections as the database has to give to this.
      .consumes(this.queueOf('Sql', ANY_TASK), { maxConcurrency: 5 })

    this.startStepFunction()
  }

  /**
   * A queue that a rule fills. Between the bus and a function there is always one: it keeps what the function cannot take
   * now, and gives it back as often as it takes, where an asynchronous invocation is tried three times.
   */
  private queueOf(name: string, eventPattern: EventPattern): Queue {
    const deadLetters = this.deadLetterQueue(`${name}DeadLetters`)
    const queue = new Queue(this, `${name}Queue`, {
      ...this.common,
      visibilityTimeout: Duration.seconds(TIMEOUT_SECONDS * 6),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVES },
    })
    const target = new SqsQueue(queue, { deadLetterQueue: deadLetters, ...RETRIES })
    new Rule(this, `${name}Rule`, { eventBus: this.bus, eventPattern, targets: [target] })
    return queue
  }

  private deadLetterQueue(id: string): Queue {
    const queue = new Queue(this, id, this.common)
    acknowledge(queue, 'Serverless-SQSRedrivePolicy')
    return queue
  }

  private startStepFunction(): void {
    const escalation = this.stateMachine('Escalation', 'escalation')
    const startOnce = this.stateMachine('StartOnce', 'start-once', {
      Partition: Aws.PARTITION,
      EscalationArn: escalation.stateMachineArn,
    })
    startOnce.addToRolePolicy(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [escalation.stateMachineArn] }),
    )
    const deadLetters = this.deadLetterQueue('StartDeadLetters')
    Validations.of(deadLetters).acknowledge(...OF_A_RULE)
    const paths = Object.entries(INPUT_PATHS)
    const target = new SfnStateMachine(startOnce, {
      input: RuleTargetInput.fromObject({
        ...Object.fromEntries(paths.map(([name, path]) => [name, EventField.fromPath(path)])),
        url: `https://app.clickup.com/t/${EventField.fromPath(INPUT_PATHS.taskId)}`,
      }),
      deadLetterQueue: deadLetters,
      ...RETRIES,
    })
    new Rule(this, 'StartRule', { eventBus: this.bus, eventPattern: TASK_URGENT, targets: [target] })
  }

  private stateMachine(id: string, file: string, definitionSubstitutions?: Record<string, string>): StateMachine {
    const machine = new StateMachine(this, id, {
      definitionBody: DefinitionBody.fromString(
        readFileSync(join(EXAMPLES, 'start-step-function', `${file}.asl.json`), 'utf8'),
      ),
      // Left out where there are none: CloudFormation refuses an empty object.
      ...(definitionSubstitutions && { definitionSubstitutions }),
      role: new Role(this, `${id}Role`, { assumedBy: new ServicePrincipal('states.amazonaws.com') }),
    })
    Validations.of(machine).acknowledge(...UNLOGGED)
    return machine
  }
}

const UNTRACED =
  'Tracing needs write access to X-Ray on every resource, and the history of the execution already tells what each ' +
  'state did and how long it took.'
const UNLOGGED = [
  {
    id: 'AwsSolutions-SF1',
    reason:
      'A standard workflow keeps the history of every execution for 90 days by itself. Log delivery would need rights on ' +
      'every resource of CloudWatch Logs, which this role shall not have.',
  },
  {
    id: 'AwsSolutions-SF2',
    reason: UNTRACED,
  },
  { id: 'Serverless-StepFunctionStateMachineXray', reason: UNTRACED },
]

const OF_A_RULE = [
  {
    id: 'AwsSolutions-SQS3',
    reason:
      'This is the dead-letter queue of a rule, which the check does not know: it looks for queues that name it as theirs. ' +
      'What it holds waits for a person.',
  },
]
