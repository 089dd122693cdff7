import type { Deployment, QueueRecord, RoleRecord } from '../deployment.ts'
import { templateError } from '../errors.ts'
import type { FunctionDefinition } from '../lambda/definition.ts'

/** @throws StackError when no function of the template has this ARN */
export function functionAt(deployment: Deployment, arn: string, where: string): FunctionDefinition {
  const found = deployment.functions.find((one) => one.arn === arn || one.name === arn)
  if (!found) throw templateError(where, `the function ${arn} is not in the template`)
  return found
}

/** @throws StackError when no queue of the template has this ARN */
export function queueAt(deployment: Deployment, arn: string, where: string): QueueRecord {
  const found = deployment.queues.find((one) => one.arn === arn)
  if (!found) throw templateError(where, `the queue ${arn} is not in the template`)
  return found
}

/** @throws StackError when no role of the template has this ARN */
export function roleAt(deployment: Deployment, arn: string, where: string): RoleRecord {
  const found = deployment.roles.find((one) => one.arn === arn)
  if (!found) throw templateError(where, `the role ${arn} is not in the template`)
  return found
}
