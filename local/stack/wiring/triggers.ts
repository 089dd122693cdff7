import { randomUUID } from 'node:crypto'
import type { Deployment, TargetRecord, TriggerRecord } from '../deployment.ts'
import { templateError } from '../errors.ts'
import type { Scheduler } from '../schedule/scheduler.ts'
import { asJson } from './as-json.ts'
import { checkPermission, checkTarget } from './checks.ts'
import { functionAt } from './look-up.ts'
import type { Operator } from './operator.ts'

/** Something that is due by time. */
export type RunningSchedule = {
  name: string
  path: string
  /** Does now what would be done when it is due. */
  fire(): Promise<void>
}

export type Send = (targetArn: string, input: unknown) => Promise<void>

/**
 * Puts the rules on their buses and the schedules on the clock.
 * @param send brings an input to a function or a queue; rejects when it cannot.
 * @throws StackError for a target that could not be reached where it is deployed
 */
export function startTriggers(
  deployment: Deployment,
  options: { scheduler: Scheduler; now(): number; send: Send; onError(where: string, error: unknown): void },
): RunningSchedule[] {
  const { gateway, triggers } = deployment
  for (const trigger of triggers) {
    for (const target of trigger.targets) checkTarget(deployment, trigger, target)
    if (trigger.pattern !== undefined) putRule(deployment, trigger)
  }
  return triggers.flatMap((trigger) => {
    if (!trigger.expression) return []
    const fire = async (dueAt: number) => {
      const sent = trigger.targets.map((target) => options.send(target.arn, inputOf(trigger, target, dueAt, gateway)))
      await Promise.all(sent)
    }
    options.scheduler.add(trigger.expression, (dueAt) => {
      fire(dueAt).catch((error: unknown) => options.onError(trigger.where, error))
    })
    return [{ name: trigger.name, path: trigger.path, fire: () => fire(options.now()) }]
  })
}

function putRule(deployment: Deployment, trigger: TriggerRecord): void {
  try {
    deployment.gateway.putRule({
      name: trigger.name,
      bus: trigger.bus,
      eventPattern: trigger.pattern,
      targets: trigger.targets.map(({ id, arn, input, inputPath, inputTransformer, deadLetterArn }) => ({
        id,
        arn,
        ...(input !== undefined && { input }),
        ...(inputPath !== undefined && { inputPath }),
        ...(inputTransformer && { inputTransformer }),
        ...(deadLetterArn !== undefined && { deadLetterArn }),
      })),
    })
  } catch (cause) {
    throw templateError(trigger.where, cause instanceof Error ? cause.message : String(cause))
  }
}

/** The event of something scheduled, unless the template says what to send. */
function inputOf(
  { kind, arn }: TriggerRecord,
  { input }: TargetRecord,
  dueAt: number,
  { region, account }: { region: string; account: string },
): unknown {
  const time = new Date(dueAt).toISOString().replace(/\.\d+Z$/, 'Z')
  if (input !== undefined) {
    return asJson(
      input
        .replaceAll('<aws.scheduler.schedule-arn>', arn)
        .replaceAll('<aws.scheduler.scheduled-time>', time)
        .replaceAll('<aws.scheduler.execution-id>', randomUUID())
        .replaceAll('<aws.scheduler.attempt-number>', '1'),
    )
  }
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: kind === 'rule' ? 'aws.events' : 'aws.scheduler',
    account,
    time,
    region,
    resources: [arn],
    // EventBridge Scheduler sends this as text, https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets.html
    detail: kind === 'rule' ? {} : '{}',
  }
}

/**
 * Tells Secrets Manager which function rotates which secret, as CloudFormation does, and when.
 * @returns what is due by time, each under the name of its secret
 * @throws StackError when Secrets Manager may not invoke the function, or does not take the schedule
 */
export async function startRotations(
  deployment: Deployment,
  options: {
    scheduler: Scheduler
    rotate: Operator['rotateSecret']
    onError(where: string, error: unknown): void
  },
): Promise<RunningSchedule[]> {
  const schedules: RunningSchedule[] = []
  for (const { where, path, secret, functionArn, rules, expression, rotateNow } of deployment.rotations) {
    const definition = functionAt(deployment, functionArn, where)
    checkPermission(deployment, { definition, principal: 'secretsmanager.amazonaws.com', sourceArn: secret.arn, where })
    try {
      await options.rotate(secret.arn, { functionArn, rules, immediately: rotateNow })
    } catch (cause) {
      throw templateError(where, cause instanceof Error ? cause.message : String(cause))
    }
    if (!expression) continue
    const fire = () => options.rotate(secret.arn, { functionArn, immediately: true })
    options.scheduler.add(expression, () => {
      fire().catch((error: unknown) => options.onError(where, error))
    })
    schedules.push({ name: secret.name, path, fire })
  }
  return schedules
}
