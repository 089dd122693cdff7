import { dirname } from 'node:path'
import type { FunctionDefinition } from './definition.ts'

/** Credentials of one function: the key is what the AWS stand-ins know it by. */
export type FunctionCredentials = { accessKeyId: string; secretAccessKey: string }

/**
 * Everything that a function's process finds in its environment: what the template gives it, what Lambda adds, where AWS is,
 * and what the caller lays over it. Nothing of this program's own environment: a variable that somebody has exported in
 * their shell would hide that the template lacks it.
 */
export function environmentOf(
  definition: FunctionDefinition,
  where: { region: string; endpoint: string; logStream: string },
  credentials: FunctionCredentials,
  outside: Record<string, string>,
): Record<string, string> {
  return {
    ...definition.environment,
    _HANDLER: definition.handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: 'local',
    AWS_REGION: where.region,
    AWS_DEFAULT_REGION: where.region,
    AWS_ENDPOINT_URL: where.endpoint,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: definition.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: where.logStream,
    LAMBDA_TASK_ROOT: definition.directory,
    LANG: 'en_US.UTF-8',
    // Lambda runs in UTC wherever its owner is.
    TZ: ':UTC',
    PATH: dirname(process.execPath),
    // Keeps the SDK from finding its owner's ~/.aws.
    HOME: definition.directory,
    ...outside,
  }
}
