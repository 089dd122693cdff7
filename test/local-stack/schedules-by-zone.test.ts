import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { expect, it } from 'vitest'
import { startAwsGateway } from '../../local/aws/gateway.ts'
import type { Timer } from '../../local/stack/schedule/scheduler.ts'
import { startStack } from '../../local/stack/stack.ts'
import { until } from './aws-call.ts'
import { arn, type Resources, writeAssembly } from './cloud-assembly.ts'

const RESOURCES: Resources = {
  Jobs: { Type: 'AWS::SQS::Queue' },
  Failed: { Type: 'AWS::SQS::Queue' },
  Sender: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {},
      Policies: [
        {
          PolicyName: 'send',
          PolicyDocument: {
            Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: [arn('Jobs'), arn('Failed')] }],
          },
        },
      ],
    },
  },
  Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'hookline-dev' } },
  Daily: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'daily',
      GroupName: { Ref: 'Group' },
      ScheduleExpression: 'cron(0 9 ? * MON-FRI *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: arn('Jobs'),
        RoleArn: arn('Sender'),
        Input: '{"job":"summary","at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}',
        DeadLetterConfig: { Arn: arn('Failed') },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    },
  },
}

/** A clock that stands, and its timers. */
function handClock(start: number) {
  let now = start
  const timers = new Set<{ at: number; run: () => void }>()
  const timer: Timer = (ms, run) => {
    const one = { at: now + ms, run }
    timers.add(one)
    return () => timers.delete(one)
  }
  return {
    clock: { now: () => now },
    timer,
    advanceTo(time: number) {
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= time).sort((one, other) => one.at - other.at)
        if (next === undefined) break
        timers.delete(next)
        now = Math.max(now, next.at)
        next.run()
      }
      now = time
    },
  }
}

it('a schedule sends its input when its own clocks say so, with the time for which it was due', async () => {
  // The Friday before the clocks of Berlin go forward, and the Monday after.
  const hand = handClock(Date.UTC(2026, 2, 27, 7))
  using assembly = writeAssembly(RESOURCES)
  const gateway = await startAwsGateway()
  gateway.admit({ accessKeyId: 'tester', name: 'tester', statements: 'all' })
  const credentials = { accessKeyId: 'tester', secretAccessKey: 'none' }
  const sqs = new SQSClient({ endpoint: gateway.url, region: gateway.region, credentials })
  const stack = await startStack({ assembly, gateway, outside: {}, clock: hand.clock, timer: hand.timer })
  const { url: QueueUrl = '', name = '' } = stack.queues['Jobs'] ?? {}
  const arrived = async (count: number) => ((await gateway.lookIntoQueue(name))?.visible ?? 0) === count
  try {
    hand.advanceTo(Date.UTC(2026, 2, 27, 8, 0))
    await until('Friday has come', () => arrived(1))
    hand.advanceTo(Date.UTC(2026, 2, 30, 7, 0))
    await until('Monday has come', () => arrived(2))
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))
    const by = `arn:aws:scheduler:${gateway.region}:${gateway.account}:schedule/hookline-dev/daily`
    expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([
      { job: 'summary', at: '2026-03-27T08:00:00Z', by },
      { job: 'summary', at: '2026-03-30T07:00:00Z', by },
    ])
  } finally {
    sqs.destroy()
    await stack.close()
    await gateway.close()
  }
})
