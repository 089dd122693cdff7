import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signingSecretName } from '../../core/platform/names.ts'
import { AwsError, type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import type { Assembly } from '../../local/stack/assembly.ts'
import { type RunningStack, startStack } from '../../local/stack/stack.ts'
import { synthesizeOnce } from '../../local/stack/synthesize-once.ts'

// The template's own release: CodeDeploy's hook, the rights of its role, and the version that it is about.

const SIGNING = signingSecretName('prod', 'main')
/** Put together, so that it is nobody's. */
const KEY = ['K', 'E', 'Y'].join('-').repeat(8)

const outDir = mkdtempSync(join(tmpdir(), 'hookline-release-'))
let assembly: Assembly
beforeAll(async () => {
  assembly = await synthesizeOnce({ outDir })
})
afterAll(() => rmSync(outDir, { recursive: true, force: true }))

describe('the release of the verifier', () => {
  let gateway: AwsGateway
  let stack: RunningStack
  const lines: { name: string; line: string }[] = []
  const clientSettings = () => ({
    endpoint: gateway.url,
    region: gateway.region,
    credentials: { accessKeyId: 'TEST', secretAccessKey: 'x' },
    maxAttempts: 1,
  })

  beforeAll(async () => {
    gateway = await startAwsGateway()
    gateway.admit({ accessKeyId: 'TEST', name: 'test', statements: 'all' })
    stack = await startStack({ assembly, gateway, outside: {}, onLog: (name, line) => lines.push({ name, line }) })
  })
  afterAll(async () => {
    await stack?.close()
    await gateway?.close()
  })

  const told = () =>
    lines.filter(({ name }) => name === 'hookline-prod-check-release').map(({ line }) => JSON.parse(line))
  const check = () => stack.releases[0]?.check()
  const store = (secret: string) =>
    new SecretsManagerClient(clientSettings()).send(
      new PutSecretValueCommand({
        SecretId: SIGNING,
        SecretString: JSON.stringify({ v: 1, slots: { a: { webhookId: 'w', secret, state: 'active' } } }),
      }),
    )

  it('is checked before anything is served, and says that nothing is connected yet', () => {
    expect(stack.releases).toHaveLength(1)
    expect(told()).toMatchObject([{ level: 'INFO', asked: 2, unconnected: ['main'] }])
  })

  it('is checked with a genuine delivery once there is a webhook, and leaves nothing on the queue', async () => {
    await store(KEY)
    expect(await check()).toBe('Succeeded')
    expect(told().at(-1)).toMatchObject({ level: 'INFO', asked: 3, unconnected: [] })
    const tested = lines.filter(({ name, line }) => name === 'hookline-prod-verifier' && line.includes('"tested"'))
    expect(tested).toHaveLength(1)
    const { Attributes } = await new SQSClient(clientSettings()).send(
      new GetQueueAttributesCommand({
        QueueUrl: stack.queues['Deliveries/Queue']?.url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    )
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' })
    expect(JSON.stringify(lines)).not.toContain(KEY)
  })

  it('may be asked about by CodeDeploy alone: an event of somebody else is no hook', async () => {
    const lambda = new LambdaClient(clientSettings())
    const ask = (event: unknown) =>
      lambda.send(
        new InvokeCommand({ FunctionName: 'hookline-prod-check-release', Payload: Buffer.from(JSON.stringify(event)) }),
      )
    const wrong = await ask({ hello: 'world' })
    expect(wrong.FunctionError).toBe('Unhandled')
    gateway.expectRefusal('codedeploy:PutLifecycleEventHookExecutionStatus')
    // With ids that no deployment has, it is checked and nobody takes the answer.
    const unknown = await ask({ DeploymentId: 'd-000000000', LifecycleEventHookExecutionId: 'x' })
    expect(unknown.Payload?.transformToString()).toMatch(/AccessDeniedException|DeploymentDoesNotExistException/)
  })
})

describe('a version of the verifier', () => {
  it('that cannot read its secrets does not go live, and the stack says why', async () => {
    const gateway = await startAwsGateway()
    gateway.intercept(({ caller, action }) => {
      if (caller === 'hookline-prod-verifier' && action === 'secretsmanager:GetSecretValue')
        throw new AwsError('AccessDeniedException', 'no right')
    })
    try {
      const failure = await startStack({ assembly, gateway, outside: {} }).then(
        async (stack) => {
          await stack.close()
          return null
        },
        (error: unknown) => error,
      )
      expect(failure).toMatchObject({
        problem: 'release',
        message: expect.stringMatching(
          /does not go live: main\/a, signed with another key: answered 503 .*, and 403 \{"error":"refused"\} was expected$/,
        ),
      })
    } finally {
      await gateway.close()
    }
  })
})
