import { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from '@aws-sdk/client-codedeploy'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsGateway, type Statement, startAwsGateway } from '../../local/aws/gateway.ts'
import { refusalOf } from './clients.ts'

let gateway: AwsGateway
beforeAll(async () => {
  gateway = await startAwsGateway()
})
afterAll(() => gateway.close())

function settings(name: string, statements: Statement[] | 'all' = 'all') {
  gateway.admit({ accessKeyId: name, name, statements })
  const credentials = { accessKeyId: name, secretAccessKey: 'none' }
  return { endpoint: gateway.url, region: gateway.region, credentials, maxAttempts: 1 }
}

const GROUP = 'arn:aws:codedeploy:us-east-1:000000000000:deploymentgroup'

describe('the hook of a deployment', () => {
  const put = (client: CodeDeployClient, deploymentId: string, id: string, status: 'Succeeded' | 'Failed') =>
    client.send(
      new PutLifecycleEventHookExecutionStatusCommand({ deploymentId, lifecycleEventHookExecutionId: id, status }),
    )

  it('tells once how it went', async () => {
    const client = new CodeDeployClient(settings('anybody'))
    const deployment = gateway.deployments.begin({ application: 'app', group: 'group' })
    const { deploymentId, hookExecutionId } = deployment
    expect(deployment.status).toBe('Pending')
    expect(deploymentId).toMatch(/^d-[0-9A-Z]{9}$/)
    const answer = await put(client, deploymentId, hookExecutionId, 'Failed')
    expect(answer.lifecycleEventHookExecutionId).toBe(hookExecutionId)
    expect(deployment.status).toBe('Failed')
    expect(await refusalOf(put(client, deploymentId, hookExecutionId, 'Succeeded'))).toMatchObject({
      name: 'LifecycleEventAlreadyCompletedException',
    })
  })

  it('is refused with ids that are not of a deployment', async () => {
    const client = new CodeDeployClient(settings('anybody'))
    const { deploymentId } = gateway.deployments.begin({ application: 'app', group: 'group' })
    const names = [
      (await refusalOf(put(client, 'd-000000000', 'x', 'Succeeded'))).name,
      (await refusalOf(put(client, deploymentId, 'x', 'Succeeded'))).name,
    ]
    expect(names).toEqual(['DeploymentDoesNotExistException', 'InvalidLifecycleEventHookExecutionIdException'])
  })

  it('needs the right on the deployment group', async () => {
    const right = (resource: string): Statement[] => [
      { effect: 'Allow', actions: ['codedeploy:PutLifecycleEventHookExecutionStatus'], resources: [resource] },
    ]
    const { deploymentId, hookExecutionId } = gateway.deployments.begin({ application: 'app', group: 'group' })
    const other = new CodeDeployClient(settings('other', right(`${GROUP}:app/other`)))
    expect((await refusalOf(put(other, deploymentId, hookExecutionId, 'Succeeded'))).name).toBe('AccessDeniedException')
    const own = new CodeDeployClient(settings('own', right(`${GROUP}:app/group`)))
    await put(own, deploymentId, hookExecutionId, 'Succeeded')
  })
})

describe('the invocation of a version', () => {
  const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f'
  const invoke = (client: LambdaClient, FunctionName: string, Qualifier?: string) =>
    client.send(
      new InvokeCommand({
        FunctionName,
        Payload: Buffer.from('{"a":1}'),
        ...(Qualifier !== undefined && { Qualifier }),
      }),
    )

  beforeAll(() => {
    gateway.onInvoke(async (arn, payload) => {
      if (arn === `${ARN}:7`) return { arn, payload }
      if (arn === ARN) throw new RangeError('out of range')
      throw Object.assign(new Error(`Function not found: ${arn}`), { name: 'ResourceNotFoundException' })
    })
  })

  it('gives its answer, however the version is named', async () => {
    const client = new LambdaClient(settings('anybody'))
    for (const [name, qualifier] of [[`${ARN}:7`], [ARN, '7'], ['f', '7'], ['f:7']] as const) {
      const { Payload, FunctionError, StatusCode } = await invoke(client, name, qualifier)
      expect([StatusCode, FunctionError]).toEqual([200, undefined])
      expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ arn: `${ARN}:7`, payload: { a: 1 } })
    }
  })

  it('gives what the function throws as an answer, and says so', async () => {
    const { Payload, FunctionError } = await invoke(new LambdaClient(settings('anybody')), 'f')
    expect(FunctionError).toBe('Unhandled')
    expect(JSON.parse(Payload?.transformToString() ?? '')).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'out of range',
    })
  })

  it('is refused for one that is not there, and without the right on the very version', async () => {
    expect((await refusalOf(invoke(new LambdaClient(settings('anybody')), 'f', '8'))).name).toBe(
      'ResourceNotFoundException',
    )
    const statements: Statement[] = [{ effect: 'Allow', actions: ['lambda:InvokeFunction'], resources: [`${ARN}:7`] }]
    const client = new LambdaClient(settings('own', statements))
    await invoke(client, `${ARN}:7`)
    expect((await refusalOf(invoke(client, `${ARN}:8`))).name).toBe('AccessDeniedException')
    expect((await refusalOf(invoke(client, ARN))).name).toBe('AccessDeniedException')
  })
})
