import { createHash } from 'node:crypto'
import type * as z from 'zod'
import type { Deployment } from '../deployment.ts'
import { oneLine, templateError } from '../errors.ts'

/** A resource whose properties are evaluated. */
export type Resource = {
  stack: string
  logicalId: string
  type: string
  path: string
  /** How errors name it. */
  where: string
  properties: Record<string, unknown>
  /** How CloudFormation goes about replacing it, evaluated. */
  updatePolicy: Record<string, unknown>
  /** The folder of an asset by its object key. */
  asset(objectKey: string): string | undefined
}

/** What `Ref` and `Fn::GetAtt` give of a resource that has been made. */
export type Made = { ref: string; attributes: Record<string, string> }

export type ResourceKind = (resource: Resource, deployment: Deployment) => Made | Promise<Made>

/**
 * A kind of resource from a strict schema of the properties it honours and a list of those without meaning on one machine.
 * A property in neither is an error: to pass over it would run something else than what is deployed.
 */
export function kind<Schema extends z.ZodType>(how: {
  schema: Schema
  ignores: string[]
  make(properties: z.infer<Schema>, resource: Resource, deployment: Deployment): Made | Promise<Made>
}): ResourceKind {
  return (resource, deployment) => {
    const heeded = Object.entries(resource.properties).filter(([name]) => !how.ignores.includes(name))
    const parsed = how.schema.safeParse(Object.fromEntries(heeded))
    if (!parsed.success) throw templateError(resource.where, oneLine(parsed.error))
    return how.make(parsed.data, resource, deployment)
  }
}

/**
 * The name that CloudFormation would make up: stack, logical id, and letters that keep it apart from others.
 * Here they come from the first two, so that a name is the same on every run.
 */
export function physicalName(resource: Resource, maxLength: number): string {
  const whole = `${resource.stack}-${resource.logicalId}`
  return `${whole.slice(0, maxLength - 9)}-${shortHash(whole)}`
}

/** Eight lower-case letters and digits that stand for a text. */
export const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** An ARN in the machine's own region and account. */
export const arnOf = (deployment: Deployment, service: string, rest: string) =>
  `arn:aws:${service}:${deployment.gateway.region}:${deployment.gateway.account}:${rest}`
