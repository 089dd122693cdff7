import { Aws, Duration } from 'aws-cdk-lib'
import { Schedule } from 'aws-cdk-lib/aws-events'
import { CfnPermission } from 'aws-cdk-lib/aws-lambda'
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { HooklineFunction } from './hookline-function.ts'

export type RotationSchedulesProps = {
  /** Takes the steps. */
  by: HooklineFunction
  /** The secret of a connection. */
  secretName(connection: string): string
  connections: readonly string[]
  /** Days from one rotation to the next. */
  days: number
}

/**
 * Has Secrets Manager call a function to rotate the secrets of one kind, one of each connection.
 *
 * Not the CDK's own `RotationSchedule`: it lets any secret of any account invoke the function, adds rights to the role that no
 * step needs, and wants the secret itself, which would be an import and stop the removal of a connection.
 */
export class RotationSchedules extends Construct {
  constructor(scope: Construct, id: string, { by, secretName, connections, days }: RotationSchedulesProps) {
    super(scope, id)
    const permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: by.function.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      // Of no single secret: AWS shows how to bind Secrets Manager to the account, not to a secret, and a schedule that may not call
      // its function cannot be deployed. The function refuses what is no secret of its stage.
      sourceAccount: Aws.ACCOUNT_ID,
    })
    for (const name of connections) {
      const schedule = new CfnRotationSchedule(this, `Schedule-${name}`, {
        secretId: secretName(name),
        rotationLambdaArn: by.function.functionArn,
        rotationRules: { scheduleExpression: Schedule.rate(Duration.days(days)).expressionString },
        // A deploy is no reason to make webhooks anew.
        rotateImmediatelyOnUpdate: false,
      })
      // Secrets Manager tries the test step as soon as there is a schedule, and that needs to be let in and to read.
      schedule.node.addDependency(permission, by.role)
    }
  }
}
