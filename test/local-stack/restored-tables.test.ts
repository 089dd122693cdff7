import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ENV } from '../../core/platform/env-names.ts'
import { BY_DAY, BY_LIST, BY_SPACE, BY_TIME_DAY, PK, SK } from '../../core/platform/tables.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { readAssembly } from '../../local/stack/assembly.ts'
import { type RunningStack, startStack } from '../../local/stack/stack.ts'
import { environmentOf, rightsOf } from '../infra/support/rights.ts'
import { ofType, type Synth, synth } from '../infra/support/template.ts'
import { clientsOf } from '../local-aws/clients.ts'
import { table } from '../support/dynamo.ts'

// Tables as point-in-time recovery makes them: beside those of the template, under names of their own.

const RESTORED = { ledger: 'ledger-of-noon', tasks: 'tasks-of-noon', state: 'state-of-noon' }

let built: Synth
let plain: Synth
let gateway: AwsGateway
let stack: RunningStack
beforeAll(async () => {
  built = synth({ restoredTables: RESTORED })
  plain = synth()
  gateway = await startAwsGateway()
  const made = [
    table(RESTORED.ledger, [PK, SK], [BY_DAY]),
    table(RESTORED.tasks, [PK, SK], [BY_LIST, BY_SPACE, BY_TIME_DAY]),
    table(RESTORED.state, [PK], []),
  ]
  const tables = await Promise.all(
    made.map(async (each) => ({ name: each.TableName ?? '', ...(await gateway.createTable(each)) })),
  )
  stack = await startStack({ assembly: readAssembly(built.outdir), gateway, outside: {}, tables })
})
afterAll(async () => {
  await stack?.close()
  await gateway?.close()
  for (const each of [built, plain]) each?.remove()
})

it('are what every function is told of and may use, and nothing else is', () => {
  const names = {
    [ENV.ledgerTable]: RESTORED.ledger,
    [ENV.tasksTable]: RESTORED.tasks,
    [ENV.stateTable]: RESTORED.state,
  }
  for (const resource of ofType(built.service, 'AWS::Lambda::Function')) {
    const environment = environmentOf(built, resource)
    const told = Object.keys(names).flatMap((name) => environment[name] ?? [])
    expect(told).toEqual(Object.entries(names).flatMap(([name, value]) => (name in environment ? value : [])))
    const used = rightsOf(built, resource).filter(({ action }) => action.startsWith('dynamodb:'))
    const restored = /:table\/(\w+-of-noon)(\/index\/\w+)?$/
    expect(new Set(used.map((right) => restored.exec(right.resource)?.[1]))).toEqual(new Set(told))
  }
})

it('are what the outputs name, and so what the command line uses', () => {
  expect(stack.outputs).toMatchObject({
    LedgerTable: RESTORED.ledger,
    TasksTable: RESTORED.tasks,
    StateTable: RESTORED.state,
  })
})

it('leave the tables that were made, and what they export, as they were', () => {
  const kept = (template: Synth) =>
    ofType(template.data, 'AWS::DynamoDB::Table').map(({ id, Properties }) => [id, Properties])
  expect(kept(built)).toEqual(kept(plain))
  // CloudFormation would refuse to take an export away that the other stack still imports.
  const exported = (template: Synth) =>
    Object.values(template.data.Outputs).flatMap(({ Export }) => (Export === undefined ? [] : [Export.Name]))
  expect(exported(built)).toEqual(expect.arrayContaining(exported(plain)))
})

it('are written to by the functions, with the rights that they have', async () => {
  const pulse = stack.functions.find(({ name }) => name === 'hookline-prod-pulse')
  expect(await pulse?.invoke({})).toMatchObject({ kind: 'returned' })
  const { dynamodb } = clientsOf(gateway, 'test')
  const items = async (TableName: string | undefined) =>
    (await dynamodb.send(new ScanCommand({ TableName }))).Items?.map((item) => item[PK]?.S)
  expect(await items(RESTORED.state)).toContain('pulse')
  expect(await items(stack.tables['State'])).toEqual([])
})
