import * as z from 'zod'
import { templateError } from '../errors.ts'
import { arnOf, kind, physicalName } from './kind.ts'

const environment = z.strictObject({ Variables: z.record(z.string(), z.string()).default({}) })

export const lambdaFunction = kind({
  schema: z.strictObject({
    FunctionName: z.string().optional(),
    Code: z.strictObject({ S3Bucket: z.unknown(), S3Key: z.string() }),
    Handler: z.string(),
    Runtime: z.string().regex(/^nodejs\d+\.x$/, 'only Node.js functions are supported'),
    Role: z.string(),
    // Lambda's own defaults.
    Timeout: z.coerce.number().int().min(1).max(900).default(3),
    MemorySize: z.coerce.number().int().default(128),
    Environment: environment.default({ Variables: {} }),
    LoggingConfig: z
      .looseObject({ LogFormat: z.enum(['JSON', 'Text']).default('Text'), LogGroup: z.string().optional() })
      .optional(),
    ReservedConcurrentExecutions: z.coerce.number().int().min(0).optional(),
    DeadLetterConfig: z.strictObject({ TargetArn: z.string() }).optional(),
    PackageType: z.literal('Zip').optional(),
    Description: z.string().default(''),
    RecursiveLoop: z.enum(['Allow', 'Terminate']).default('Terminate'),
  }),
  ignores: ['Architectures', 'EphemeralStorage', 'KmsKeyArn', 'RuntimeManagementConfig', 'Tags', 'TracingConfig'],
  make(properties, resource, deployment) {
    const directory = resource.asset(properties.Code.S3Key)
    if (!directory)
      throw templateError(resource.where, `its code ${properties.Code.S3Key} is not in the cloud assembly`)
    const variables = properties.Environment.Variables
    refuseWhatLambdaRefuses(variables, resource.where)
    const name = properties.FunctionName ?? physicalName(resource, 64)
    const arn = arnOf(deployment, 'lambda', `function:${name}`)
    deployment.functions.push({
      logicalId: resource.logicalId,
      path: resource.path,
      name,
      arn,
      directory,
      handler: properties.Handler,
      runtime: properties.Runtime,
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
      roleArn: properties.Role,
      logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      logFormat: properties.LoggingConfig?.LogFormat ?? 'Text',
      environment: variables,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      deadLetterArn: properties.DeadLetterConfig?.TargetArn,
      description: properties.Description,
      recursiveLoop: properties.RecursiveLoop,
    })
    return { ref: name, attributes: { Arn: arn } }
  },
})

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_.*))$/
const MAX_ENVIRONMENT_BYTES = 4096

function refuseWhatLambdaRefuses(variables: Record<string, string>, where: string): void {
  const reserved = Object.keys(variables).find((name) => RESERVED.test(name))
  if (reserved) throw templateError(where, `the environment variable ${reserved} is reserved by Lambda`)
  const bytes = Buffer.byteLength(JSON.stringify(variables))
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw templateError(where, `its environment takes ${bytes} bytes and Lambda allows ${MAX_ENVIRONMENT_BYTES}`)
  }
}

export const permission = kind({
  schema: z.strictObject({
    Action: z.string(),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
  }),
  ignores: [],
  make({ Action, FunctionName, Principal, SourceArn, SourceAccount }, resource, deployment) {
    if (Action === 'lambda:InvokeFunction' || Action === 'lambda:*') {
      deployment.permissions.push({
        functionName: functionNameOf(FunctionName),
        principal: Principal,
        sourceArn: SourceArn,
        sourceAccount: SourceAccount,
      })
    }
    return { ref: resource.logicalId, attributes: { Id: resource.logicalId } }
  },
})

/** How often Lambda repeats an asynchronous invocation, and where what failed for good goes. */
export const eventInvokeConfig = kind({
  schema: z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.literal('$LATEST'),
    MaximumRetryAttempts: z.coerce.number().int().min(0).max(2).default(2),
    MaximumEventAgeInSeconds: z.coerce.number().optional(),
    DestinationConfig: z
      .strictObject({ OnFailure: z.strictObject({ Destination: z.string().optional() }).optional() })
      .optional(),
  }),
  ignores: [],
  make(properties, resource, deployment) {
    deployment.asyncSettings.push({
      functionName: functionNameOf(properties.FunctionName),
      retries: properties.MaximumRetryAttempts,
      failureArn: properties.DestinationConfig?.OnFailure?.Destination,
    })
    return { ref: resource.logicalId, attributes: {} }
  },
})

/** A function's name from its name or its ARN. */
export const functionNameOf = (nameOrArn: string) => nameOrArn.replace(/^arn:aws:lambda:[^:]*:[^:]*:function:/, '')
