import type { Deployment, QueueRecord, RoleRecord } from '../deployment.ts'
import { templateError } from '../errors.ts'
import type { FunctionDefinition } from '../lambda/definition.ts'

/** @param arn may name a version or an alias of it. @throws StackError when no function of the template has this ARN */
export function functionAt(deployment: Deployment, arn: string, where: string): FunctionDefinition {
  const name = functionNamed(deployment, arn)
  const found = deployment.functions.find((one) => one.name === name)
  if (!found) throw templateError(where, `the function ${arn} is not in the template`)
  return found
}

/** The name of the function behind its ARN, that of a version or of an alias; undefined when there is none. */
export function functionNamed(deployment: Deployment, arn: string): string | undefined {
  const qualified = [...deployment.versions, ...deployment.aliases].find((one) => one.arn === arn)
  return qualified?.functionName ?? deployment.functions.find((one) => one.arn === arn || one.name === arn)?.name
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
