import { createHash } from 'node:crypto'
import * as z from 'zod'
import { templateError } from '../errors.ts'
import { functionNameOf } from './function.ts'
import { kind } from './kind.ts'

/**
 * A queue that feeds a function. What is not listed is refused: a filter that is passed over, for one, would hand the
 * function messages that it never sees where it is deployed.
 */
export const eventSourceMapping = kind({
  schema: z.strictObject({
    EventSourceArn: z.string(),
    FunctionName: z.string(),
    BatchSize: z.coerce.number().int().min(1).max(10_000).default(10),
    MaximumBatchingWindowInSeconds: z.coerce.number().int().min(0).max(300).default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.strictObject({ MaximumConcurrency: z.coerce.number().int().min(2).max(1000) }).optional(),
    Enabled: z.boolean().default(true),
  }),
  ignores: ['KmsKeyArn', 'MetricsConfig', 'Tags'],
  make(properties, resource, deployment) {
    const { BatchSize, MaximumBatchingWindowInSeconds: window } = properties
    if (!properties.EventSourceArn.startsWith('arn:aws:sqs:')) {
      throw templateError(resource.where, `the event source ${properties.EventSourceArn} is not a queue`)
    }
    if (BatchSize > 10 && window === 0) {
      throw templateError(resource.where, 'a batch of more than 10 needs a batching window of at least 1 second')
    }
    const uuid = uuidOf(`${resource.stack}-${resource.logicalId}`)
    deployment.eventSources.push({
      where: resource.where,
      uuid,
      functionName: functionNameOf(properties.FunctionName),
      queueArn: properties.EventSourceArn,
      batchSize: BatchSize,
      windowSeconds: window,
      reportsFailures: properties.FunctionResponseTypes.length > 0,
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency,
      enabled: properties.Enabled,
    })
    return { ref: uuid, attributes: { Id: uuid } }
  },
})

/** Shaped like Lambda's own; the same on every run. */
const uuidOf = (name: string) =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
