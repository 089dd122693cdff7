import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { standupJobSchema } from '../../core/standup/job.ts'
import { roleOf } from './support/rights.ts'
import { arnOfQueue, standupFunction, WITH_STANDUP } from './support/standup.ts'
import { find, ofType, type Synth, synth, text } from './support/template.ts'

let built: Synth
beforeAll(() => {
  built = synth(WITH_STANDUP)
})
afterAll(() => built.remove())

const inputOf = (job: string, name: string) => JSON.stringify({ job, name, at: '<aws.scheduler.scheduled-time>' })

describe('schedules', () => {
  const schedules = () =>
    ofType(built.service, 'AWS::Scheduler::Schedule').map(({ Properties }) =>
      z
        .looseObject({
          Name: z.string(),
          ScheduleExpression: z.string(),
          ScheduleExpressionTimezone: z.string(),
          Target: z.looseObject({ Input: z.string() }),
        })
        .parse(Properties),
    )

  it('are one for each summary and each recipe with a time, on the clocks of its own zone', () => {
    expect(
      schedules().map((one) => [one.Name, one.ScheduleExpression, one.ScheduleExpressionTimezone, one.Target.Input]),
    ).toEqual([
      ['daily', 'cron(5 9 ? * MON,FRI *)', 'Europe/Berlin', inputOf('summary', 'daily')],
      ['ops', 'cron(30 17 ? * MON,TUE,WED,THU,FRI *)', 'UTC', inputOf('summary', 'ops')],
      ['risk', 'cron(0 18 ? * MON,TUE,WED,THU,FRI *)', 'Asia/Tokyo', inputOf('round', 'risk')],
    ])
  })
  it('put jobs on the queue, and what cannot be put there into the one behind it', () => {
    const role = find(built.service, 'AWS::IAM::Role', ({ id }) => id.startsWith('StandupSchedulesRole'))
    for (const { Target } of schedules()) {
      expect(Target).toMatchObject({
        Arn: arnOfQueue(built, 'StandupJobsQueue'),
        RoleArn: { 'Fn::GetAtt': [role.id, 'Arn'] },
        DeadLetterConfig: { Arn: arnOfQueue(built, 'StandupJobsFailed') },
      })
      const told = Target.Input.replace('<aws.scheduler.scheduled-time>', '2026-03-02T08:05:00Z')
      expect(standupJobSchema.parse(JSON.parse(told))).toMatchObject({ at: Date.UTC(2026, 2, 2, 8, 5) })
    }
  })

  it('send by a role that may do that and nothing else, and that only this stage can give', () => {
    const role = find(built.service, 'AWS::IAM::Role', ({ id }) => id.startsWith('StandupSchedulesRole'))
    const policy = find(built.service, 'AWS::IAM::Policy', ({ Properties }) =>
      JSON.stringify(Properties['Roles']).includes(`"${role.id}"`),
    )
    expect(policy.Properties['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Resource: [arnOfQueue(built, 'StandupJobsFailed'), arnOfQueue(built, 'StandupJobsQueue')],
        },
      ],
    })
    const { Statement } = z
      .looseObject({ Statement: z.array(z.looseObject({ Principal: z.unknown(), Condition: z.unknown() })) })
      .parse(role.Properties['AssumeRolePolicyDocument'])
    expect(Statement).toMatchObject([{ Principal: { Service: 'scheduler.amazonaws.com' } }])
    const { StringEquals } = z
      .object({ StringEquals: z.record(z.string(), z.unknown()) })
      .parse(Statement[0]?.Condition)
    expect(StringEquals['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' })
    expect(text(StringEquals['aws:SourceArn'], built.data)).toBe(
      `arn:\${AWS::Partition}:scheduler:\${AWS::Region}:\${AWS::AccountId}:schedule-group/hookline-prod`,
    )
    expect(roleOf(standupFunction(built))).not.toBe(role.id)
  })

  it('may use the owner’s key where there is one, through SQS alone', () => {
    const own = synth({ ...WITH_STANDUP, encryptionKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/0' })
    try {
      const policies = ofType(own.service, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('StandupSchedules'))
      expect(JSON.stringify(policies)).toContain(
        '"Action":["kms:Decrypt","kms:GenerateDataKey"],"Condition":{"StringEquals":{"kms:ViaService":',
      )
    } finally {
      own.remove()
    }
  })
})
