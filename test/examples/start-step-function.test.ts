import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createPublish } from '../../core/publish/bus.ts'
import type { ChangeEvent } from '../../core/publish/index.ts'
import { INPUT_PATHS, PATTERN } from '../../examples/start-step-function/subscription.ts'
import { type AwsGateway, startAwsGateway } from '../../local/aws/gateway.ts'
import { exampleEvent, writtenPattern } from './support.ts'
import { synthExamples } from './template.ts'

const BUS = 'hookline-test'
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:start-once'

const transformerSchema = z.object({ InputPathsMap: z.record(z.string(), z.string()), InputTemplate: z.string() })
const ruleSchema = z.looseObject({ Targets: z.tuple([z.looseObject({ InputTransformer: transformerSchema })]) })
const machineSchema = z.looseObject({
  DefinitionString: z.string(),
  // CloudFormation's schema wants at least one, or none of it.
  DefinitionSubstitutions: z
    .record(z.string(), z.unknown())
    .refine((given) => Object.keys(given).length > 0)
    .default({}),
})
const stateSchema = z.looseObject({
  Type: z.enum(['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice']),
  Next: z.string().optional(),
  End: z.literal(true).optional(),
  Catch: z.array(z.looseObject({ ErrorEquals: z.array(z.string()).min(1), Next: z.string() })).default([]),
})
const definitionSchema = z.looseObject({
  QueryLanguage: z.literal('JSONata'),
  StartAt: z.string(),
  States: z.record(z.string(), stateSchema),
})

let built: ReturnType<typeof synthExamples>
let gateway: AwsGateway
let publish: (events: ChangeEvent[]) => Promise<unknown>
let client: EventBridgeClient
const inputs: unknown[] = []

beforeAll(async () => {
  built = synthExamples()
  const { InputPathsMap: inputPathsMap, InputTemplate: inputTemplate } = ruleSchema.parse(
    built.find('AWS::Events::Rule', 'StartRule').Properties,
  ).Targets[0].InputTransformer
  gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'test', name: 'test', statements: 'all' })
  gateway.createBus(BUS)
  gateway.onDeliver('arn:aws:states:', async (_arn, input) => void inputs.push(JSON.parse(input)))
  gateway.putRule({
    name: 'start',
    bus: BUS,
    eventPattern: writtenPattern(PATTERN),
    targets: [{ id: 'start', arn: MACHINE, inputTransformer: { inputPathsMap, inputTemplate } }],
  })
  client = new EventBridgeClient({
    endpoint: gateway.url,
    region: gateway.region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  publish = createPublish({ client, busName: BUS })
})
beforeEach(() => {
  inputs.length = 0
})
afterAll(async () => {
  client.destroy()
  await gateway.close()
  built.remove()
})

const machineOf = (name: string) => machineSchema.parse(built.find('AWS::StepFunctions::StateMachine', name).Properties)
const definitionOf = (name: string) => definitionSchema.parse(JSON.parse(machineOf(name).DefinitionString))

const urgent = (over: Partial<ChangeEvent> = {}) => exampleEvent('task-priority-changed', over)

describe('the rule', () => {
  it('hands over what an escalation needs, as JSON', async () => {
    const event = urgent()
    await publish([event])
    await expect.poll(() => inputs).toHaveLength(1)
    expect(inputs).toEqual([
      {
        changeId: event.changeId,
        connection: 'main',
        taskId: '86cx41d2f',
        priority: 'urgent',
        at: event.at,
        url: 'https://app.clickup.com/t/86cx41d2f',
      },
    ])
  })

  it('hands over the same for a copy of the event', async () => {
    await publish([urgent(), urgent({ publishedAt: 1, receivedAt: 2, task: null })])
    await expect.poll(() => inputs).toHaveLength(2)
    expect(inputs[0]).toEqual(inputs[1])
  })

  it('passes what became urgent, and nothing else', async () => {
    await publish([
      urgent({ changeId: 'high', after: { id: '2', name: 'high' } }),
      urgent({ changeId: 'none', after: null }),
      urgent({ changeId: 'old', origin: 'backfill' }),
      urgent({ changeId: 'begun before', origin: 'replay', replay: { run: 'r', origin: 'webhook' } }),
      exampleEvent('task-status-changed'),
      urgent({ changeId: 'wanted' }),
    ])
    await expect.poll(() => inputs).toMatchObject([{ changeId: 'wanted' }])
  })

  it('asks only for what every such event has', () => {
    const event = { detail: urgent({ task: null, actor: null, before: null }) }
    for (const path of Object.values(INPUT_PATHS)) {
      const value = path
        .slice(2)
        .split('.')
        .reduce<unknown>((at, key) => z.looseObject({}).parse(at)[key], event)
      expect([path, typeof value]).toEqual([path, path.endsWith('.at') ? 'number' : 'string'])
    }
  })
})

describe.each(['StartOnce', 'Escalation'])('the state machine %s', (name) => {
  const definition = () => definitionOf(name)
  const nextOf = (state: z.infer<typeof stateSchema>) => [
    ...(state.Next === undefined ? [] : [state.Next]),
    ...state.Catch.map(({ Next }) => Next),
  ]

  it('reaches every state, and only states that there are', () => {
    const { StartAt, States } = definition()
    const reached = new Set<string>()
    const open = [StartAt]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at)) continue
      reached.add(at)
      const state = States[at]
      if (state === undefined) throw new Error(`there is no state ${at}`)
      open.push(...nextOf(state))
    }
    expect([...reached].sort()).toEqual(Object.keys(States).sort())
  })

  it('ends every path, in states that may do so', () => {
    for (const [state, { Type, Next, End }] of Object.entries(definition().States)) {
      const ends = Type === 'Succeed' || Type === 'Fail'
      expect([state, [Next !== undefined, End === true, ends].filter(Boolean).length]).toEqual([state, 1])
    }
  })

  it('gets a value for each of its placeholders', () => {
    const { DefinitionString, DefinitionSubstitutions } = machineOf(name)
    const placeholders = [...DefinitionString.matchAll(/\$\{(\w+)\}/g)].map(([, placeholder]) => placeholder)
    expect([...new Set(placeholders)].sort()).toEqual(Object.keys(DefinitionSubstitutions).sort())
  })
})

it('a change starts one escalation: its id is the name, and a name that is taken is a success', () => {
  const { States } = definitionOf('StartOnce')
  const start = States['Start the escalation']
  expect(start).toMatchObject({
    Resource: expect.stringMatching(/:states:::states:startExecution$/),
    Arguments: {
      Name: '{% $states.input.changeId %}',
      StateMachineArn: expect.stringMatching(/^\$\{EscalationArn\}$/),
    },
  })
  const taken = start?.Catch.find(({ ErrorEquals }) =>
    ErrorEquals.includes('StepFunctions.ExecutionAlreadyExistsException'),
  )
  expect(States[taken?.Next ?? '']).toMatchObject({ Type: 'Succeed' })
  // Names are 1 to 80 letters, digits, dashes or underscores.
  expect(urgent().changeId).toMatch(/^[\w-]{1,80}$/)
})
