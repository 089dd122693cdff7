import { AddPermissionCommand, type LambdaClient, RemovePermissionCommand } from '@aws-sdk/client-lambda'
import { NoSuchFunction } from './subscription.ts'

const isCalled = (error: unknown, name: string) => error instanceof Error && error.name === name

/** Lets one rule invoke a function; it may be let in already. @throws NoSuchFunction */
export async function letInvoke(
  lambda: LambdaClient,
  functionArn: string,
  { sid, ruleArn }: { sid: string; ruleArn: string },
): Promise<void> {
  const permission = {
    FunctionName: functionArn,
    StatementId: sid,
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: ruleArn,
  }
  try {
    await lambda.send(new AddPermissionCommand(permission))
  } catch (error) {
    if (isCalled(error, 'ResourceNotFoundException')) throw new NoSuchFunction(functionArn)
    if (!isCalled(error, 'ResourceConflictException')) throw error
  }
}

/** Takes the right back; the function may be gone, or the right. */
export async function noLongerInvoke(lambda: LambdaClient, functionArn: string, sid: string): Promise<void> {
  try {
    await lambda.send(new RemovePermissionCommand({ FunctionName: functionArn, StatementId: sid }))
  } catch (error) {
    if (!isCalled(error, 'ResourceNotFoundException')) throw error
  }
}
