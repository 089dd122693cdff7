import { ArnFormat, Stack } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** The ARN of the secret of this name, a pattern: Secrets Manager adds six random letters. `*` in the name stands for any part. */
export const secretArn = (scope: IConstruct, secretName: string): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${secretName}-??????`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  })
