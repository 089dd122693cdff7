import * as z from 'zod'
import { AwsError } from '../json-protocol.ts'
import { entrySchema } from './event.ts'
import type { RuleTarget } from './target.ts'

const name = z.string().min(1).max(256)
const bus = z.string().min(1).default('default')

const targetSchema = z.looseObject({
  Id: z.string().min(1).max(64),
  Arn: z.string().min(1),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .looseObject({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string() })
    .optional(),
  DeadLetterConfig: z.looseObject({ Arn: z.string().optional() }).optional(),
})
type Target = z.infer<typeof targetSchema>

/** Members as the service's API reference defines them. */
export const schemas = {
  bus: z.looseObject({ Name: name }),
  describeBus: z.looseObject({ Name: bus }),
  listBuses: z.looseObject({ NamePrefix: z.string().default('') }),
  putRule: z.looseObject({
    Name: name.max(64),
    EventBusName: bus,
    EventPattern: z.string().optional(),
    ScheduleExpression: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Description: z.string().optional(),
  }),
  rule: z.looseObject({ Name: name, EventBusName: bus }),
  listRules: z.looseObject({ NamePrefix: z.string().default(''), EventBusName: bus }),
  putTargets: z.looseObject({ Rule: name, EventBusName: bus, Targets: z.array(targetSchema).min(1).max(100) }),
  removeTargets: z.looseObject({ Rule: name, EventBusName: bus, Ids: z.array(z.string()).min(1).max(100) }),
  listTargets: z.looseObject({ Rule: name, EventBusName: bus }),
  testPattern: z.looseObject({ EventPattern: z.string().min(1), Event: z.string().min(1) }),
  putEvents: z.looseObject({
    Entries: z.array(entrySchema).min(1).max(10, 'Member must have length less than or equal to 10'),
  }),
}

/** A target of the wire as a `RuleTarget`. */
export function targetOf(target: Target): RuleTarget {
  const { InputTransformer: transformer, DeadLetterConfig: deadLetter } = target
  return {
    id: target.Id,
    arn: target.Arn,
    ...(target.Input === undefined ? {} : { input: target.Input }),
    ...(target.InputPath === undefined ? {} : { inputPath: target.InputPath }),
    ...(transformer === undefined
      ? {}
      : {
          inputTransformer: {
            inputPathsMap: transformer.InputPathsMap ?? {},
            inputTemplate: transformer.InputTemplate,
          },
        }),
    ...(deadLetter?.Arn === undefined ? {} : { deadLetterArn: deadLetter.Arn }),
  }
}

/** A `RuleTarget` as ListTargetsByRule gives it. */
export function wireTargetOf(target: RuleTarget): Target {
  const { inputTransformer: transformer, deadLetterArn } = target
  return {
    Id: target.id,
    Arn: target.arn,
    ...(target.input === undefined ? {} : { Input: target.input }),
    ...(target.inputPath === undefined ? {} : { InputPath: target.inputPath }),
    ...(transformer === undefined
      ? {}
      : {
          InputTransformer: {
            InputPathsMap: transformer.inputPathsMap ?? {},
            InputTemplate: transformer.inputTemplate,
          },
        }),
    ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
  }
}

/** The pattern of a PutRule. @throws AwsError InvalidEventPatternException, ValidationException for a schedule */
export function patternIn(request: z.infer<typeof schemas.putRule>): unknown {
  if (request.ScheduleExpression !== undefined || request.EventPattern === undefined) {
    const message = 'The local stack takes rules with an EventPattern only; schedules are run elsewhere.'
    throw new AwsError('ValidationException', message)
  }
  try {
    return JSON.parse(request.EventPattern)
  } catch {
    throw new AwsError('InvalidEventPatternException', 'Event pattern is not valid. Reason: it is not JSON.')
  }
}
