import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { CALL_LIMITS, clientSettings } from '../core/platform/aws/limits.ts'
import type { Place } from './clients.ts'

/** The outputs of a CloudFormation stack by name; `null` when there is no such stack. */
export async function readOutputs(place: Place, stackName: string): Promise<Map<string, string> | null> {
  const client = new CloudFormationClient({ ...clientSettings(CALL_LIMITS.worker), ...place })
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }))
    const outputs = Stacks?.[0]?.Outputs ?? []
    return new Map(outputs.map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']))
  } catch (error) {
    // CloudFormation has no error of its own for this, only words.
    const isAbsent = error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)
    if (isAbsent) return null
    throw error
  } finally {
    client.destroy()
  }
}
