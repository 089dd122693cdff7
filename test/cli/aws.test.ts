import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aChange, complete, directory, hookline, type Stack, startStack, TABLES } from './stack.ts'

let stack: Stack
let cloudFormation: Awaited<ReturnType<typeof startCloudFormation>>
let cwd: { path: string; remove(): void }
beforeAll(async () => {
  stack = await startStack()
  await complete(stack, [aChange({ at: Date.now() - 1_000 })])
  cloudFormation = await startCloudFormation({
    'Hookline-blue-Data': { LedgerTable: TABLES.ledger, TasksTable: TABLES.tasks, StateTable: TABLES.state },
    'Hookline-blue-Service': {
      DeliveriesQueueUrl: stack.queues.deliveries,
      QuarantineQueueUrl: stack.queues.quarantine,
    },
    'Hookline-older-Data': { LedgerTable: TABLES.ledger },
  })
  cwd = directory(null)
})
afterAll(async () => {
  cwd.remove()
  await cloudFormation.close()
  await stack.close()
})

/** The command with credentials of its environment, on the services of the local stack. */
const onAws = (path: string, ...args: string[]) =>
  hookline(path, args, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'operator',
    AWS_SECRET_ACCESS_KEY: 'operator',
    AWS_ENDPOINT_URL: stack.url,
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
  })

test('a stage is found by the outputs of its stacks, also where a local stack runs', async () => {
  for (const path of [cwd.path, stack.cwd]) {
    const { status, out, err } = await onAws(path, 'status', '--json', '--stage', 'blue')
    expect({ status, err }).toEqual({ status: 0, err: '' })
    expect(JSON.parse(out)).toMatchObject({ target: 'blue in us-east-1', lastDelivery: { field: 'status' } })
  }
})

test('a stage that is not deployed, or only in part, is a failure in one line', async () => {
  const absent = await onAws(cwd.path, 'changes')
  expect(absent).toMatchObject({ status: 1, out: '' })
  expect(absent.err).toMatch(/^hookline: There is no stack Hookline-prod-Data .*npm run deploy\.\n$/)
  const older = await onAws(cwd.path, 'changes', '--stage', 'older')
  expect(older).toMatchObject({ status: 1, out: '' })
  expect(older.err).toBe(
    'hookline: The stack Hookline-older-Data has no output TasksTable: deploy this version with npm run deploy.\n',
  )
})

/** As much of CloudFormation as `DescribeStacks` of one stack. */
async function startCloudFormation(stacks: Record<string, Record<string, string>>) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const name = new URLSearchParams(body).get('StackName') ?? ''
    const outputs = stacks[name]
    response.statusCode = outputs === undefined ? 400 : 200
    response.setHeader('content-type', 'text/xml')
    if (outputs === undefined) {
      const message = `Stack with id ${name} does not exist`
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error></ErrorResponse>`,
      )
      return
    }
    const members = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    )
    response.end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
