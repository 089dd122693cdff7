import * as z from 'zod'
import type { TargetRecord } from '../deployment.ts'
import { parseExpression } from '../schedule/expression.ts'
import { arnOf, kind, physicalName } from './kind.ts'

export const eventBus = kind({
  schema: z.strictObject({ Name: z.string() }),
  ignores: ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Tags'],
  make({ Name }, resource, deployment) {
    const { arn } = deployment.gateway.createBus(Name)
    deployment.buses.push({ path: resource.path, name: Name, arn })
    return { ref: Name, attributes: { Arn: arn, Name } }
  },
})

const retryPolicy = z.looseObject({}).optional()
const deadLetterConfig = z.strictObject({ Arn: z.string().optional() }).optional()

const ruleTarget = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .strictObject({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
  DeadLetterConfig: deadLetterConfig,
  // A target on this machine is there or the whole stack is not.
  RetryPolicy: retryPolicy,
})

export const rule = kind({
  schema: z.strictObject({
    Name: z.string().optional(),
    EventBusName: z.string().default('default'),
    EventPattern: z.record(z.string(), z.unknown()).optional(),
    ScheduleExpression: z.string().optional(),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z.array(ruleTarget).default([]),
  }),
  ignores: ['Description', 'Tags'],
  make(properties, resource, deployment) {
    const name = properties.Name ?? physicalName(resource, 64)
    const bus = properties.EventBusName.split('/').at(-1) ?? properties.EventBusName
    const arn = arnOf(deployment, 'events', bus === 'default' ? `rule/${name}` : `rule/${bus}/${name}`)
    if (properties.State === 'ENABLED') {
      const stated = properties.ScheduleExpression
      deployment.triggers.push({
        where: resource.where,
        path: resource.path,
        kind: 'rule',
        name,
        arn,
        bus,
        pattern: properties.EventPattern,
        expression: stated ? parseExpression(stated, resource.where) : undefined,
        targets: properties.Targets.map(targetRecord),
      })
    }
    return { ref: bus === 'default' ? name : `${bus}|${name}`, attributes: { Arn: arn } }
  },
})

function targetRecord(target: z.infer<typeof ruleTarget>): TargetRecord {
  const transformer = target.InputTransformer
  return {
    id: target.Id,
    arn: target.Arn,
    input: target.Input,
    inputPath: target.InputPath,
    inputTransformer: transformer && {
      inputPathsMap: transformer.InputPathsMap,
      inputTemplate: transformer.InputTemplate,
    },
    deadLetterArn: target.DeadLetterConfig?.Arn,
    roleArn: undefined,
  }
}

export const schedule = kind({
  schema: z.strictObject({
    Name: z.string().optional(),
    GroupName: z.string().default('default'),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    // A flexible window lets the service choose the moment in it; the beginning is one such moment.
    FlexibleTimeWindow: z.looseObject({ Mode: z.enum(['OFF', 'FLEXIBLE']) }),
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().optional(),
      DeadLetterConfig: deadLetterConfig,
      RetryPolicy: retryPolicy,
    }),
  }),
  ignores: ['Description', 'KmsKeyArn'],
  make(properties, resource, deployment) {
    const name = properties.Name ?? physicalName(resource, 64)
    const arn = arnOf(deployment, 'scheduler', `schedule/${properties.GroupName}/${name}`)
    const { Arn, RoleArn, Input, DeadLetterConfig } = properties.Target
    if (properties.State === 'ENABLED') {
      deployment.triggers.push({
        where: resource.where,
        path: resource.path,
        kind: 'schedule',
        name,
        arn,
        bus: 'default',
        pattern: undefined,
        expression: parseExpression(
          properties.ScheduleExpression,
          resource.where,
          properties.ScheduleExpressionTimezone,
        ),
        targets: [
          {
            id: name,
            arn: Arn,
            input: Input,
            inputPath: undefined,
            inputTransformer: undefined,
            deadLetterArn: DeadLetterConfig?.Arn,
            roleArn: RoleArn,
          },
        ],
      })
    }
    return { ref: name, attributes: { Arn: arn } }
  },
})
