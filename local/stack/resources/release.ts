import * as z from 'zod'
import { templateError } from '../errors.ts'
import { functionNameOf } from './function.ts'
import { kind, physicalName } from './kind.ts'

/** A function's first version, for nothing was published here before; what stands behind it is the function itself. */
export const version = kind({
  schema: z.strictObject({ FunctionName: z.string() }),
  ignores: ['CodeSha256', 'Description'],
  make({ FunctionName }, resource, deployment) {
    const functionName = functionNameOf(FunctionName)
    const definition = deployment.functions.find(({ name }) => name === functionName)
    if (!definition) throw templateError(resource.where, `the function ${functionName} is not in the template`)
    const count = deployment.versions.filter((one) => one.functionName === functionName).length
    const number = String(count + 1)
    const arn = `${definition.arn}:${number}`
    deployment.versions.push({ functionName, version: number, arn })
    return { ref: arn, attributes: { Version: number, FunctionArn: arn } }
  },
})

const codeDeploy = z.strictObject({
  ApplicationName: z.string(),
  DeploymentGroupName: z.string(),
  BeforeAllowTrafficHook: z.string().optional(),
})
const updatePolicySchema = z.strictObject({ CodeDeployLambdaAliasUpdate: codeDeploy.optional() })

export const alias = kind({
  schema: z.strictObject({ FunctionName: z.string(), FunctionVersion: z.string(), Name: z.string() }),
  ignores: ['Description'],
  make({ FunctionName, FunctionVersion, Name: name }, resource, deployment) {
    const functionName = functionNameOf(FunctionName)
    const behind = deployment.versions.find(
      (one) => one.functionName === functionName && one.version === FunctionVersion,
    )
    if (!behind)
      throw templateError(resource.where, `${functionName} has no version ${FunctionVersion} in the template`)
    const policy = updatePolicySchema.safeParse(resource.updatePolicy)
    if (!policy.success) throw templateError(resource.where, 'has an update policy that is not supported')
    const given = policy.data.CodeDeployLambdaAliasUpdate
    const arn = behind.arn.replace(/[^:]+$/, name)
    deployment.aliases.push({
      ...{ where: resource.where, path: resource.path, functionName, name, arn, version: behind.version },
      shift: given && {
        application: given.ApplicationName,
        group: given.DeploymentGroupName,
        hookName: given.BeforeAllowTrafficHook,
      },
    })
    return { ref: arn, attributes: { AliasArn: arn } }
  },
})

export const codeDeployApplication = kind({
  schema: z.strictObject({ ApplicationName: z.string().optional(), ComputePlatform: z.literal('Lambda') }),
  ignores: ['Tags'],
  make: ({ ApplicationName: name }, resource) => ({ ref: name ?? physicalName(resource, 100), attributes: {} }),
})

/** Which part of the traffic is shifted when, and on which alarms it comes back, has no meaning where there is one version. */
export const deploymentGroup = kind({
  schema: z.strictObject({
    ApplicationName: z.string(),
    DeploymentGroupName: z.string().optional(),
    ServiceRoleArn: z.string(),
    DeploymentStyle: z.strictObject({
      DeploymentType: z.literal('BLUE_GREEN'),
      DeploymentOption: z.literal('WITH_TRAFFIC_CONTROL'),
    }),
  }),
  ignores: ['AlarmConfiguration', 'AutoRollbackConfiguration', 'DeploymentConfigName', 'Tags'],
  make({ ApplicationName, DeploymentGroupName, ServiceRoleArn }, resource, deployment) {
    const name = DeploymentGroupName ?? physicalName(resource, 100)
    deployment.deploymentGroups.push({ application: ApplicationName, name, roleArn: ServiceRoleArn })
    return { ref: name, attributes: {} }
  },
})
