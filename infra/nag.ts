import { type App, Validations } from 'aws-cdk-lib'
import type { Bucket } from 'aws-cdk-lib/aws-s3'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import * as z from 'zod'

/** Rules that this shape cannot meet, each with its reason. They are accepted on single constructs, where those are made. */
const REASONS = {
  'AwsSolutions-APIG4':
    'ClickUp authenticates a webhook by an HMAC over the raw body and can send nothing else. An authorizer of an HTTP API does not ' +
    'see the body, so the verifier checks the signature before anything else happens.',
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:cloudwatch:<AWS::Region>:<AWS::AccountId>:alarm:*]':
    'CodeDeploy asks for the state of the alarms that stop a release, and CloudWatch judges the right to ask by all alarms of the ' +
    'region, whichever are asked for. Nothing but reading is allowed.',
  'AwsSolutions-S1':
    'One object a batch is put by one function and read by operators: CloudTrail shows both where it is wanted, and an access log ' +
    'would be another bucket to keep, with as many objects.',
  'AwsSolutions-SMG4':
    'It is rotated, and the check cannot see that: the schedule stands in the stack of the function that rotates, because this ' +
    'stack outlives every deploy of that one.',
  'Serverless-EventBusDLQ':
    'What could not be delivered is a moment that has passed: the next one comes five minutes later, and says all that this one ' +
    'would have said. That none comes is what an alarm on missing data sees.',
  'Serverless-LambdaDLQ':
    'The target of failed asynchronous invocations, and only the pulse is invoked so, whose next run comes five minutes later and ' +
    'says all that the failed one would have said. The others answer their callers: API ' +
    'Gateway, which passes the failure on to ClickUp, the event source of a queue, which has a dead-letter queue, Secrets ' +
    'Manager, which waits for each step of a rotation and tries one that failed again, and CodeDeploy, which takes no answer from ' +
    'the check of a release for a failed one.',
  'Serverless-LambdaEventSourceMappingDestination':
    'Lambda takes an on-failure destination for streams, not for an SQS source. The queue has its dead-letter queue instead.',
  'Serverless-LambdaTracing':
    'Needs X-Ray write access on every resource, and shows little without the X-Ray SDK, which is in maintenance. A delivery is ' +
    'followed by its ids through the structured logs.',
  'Serverless-SNSRedrivePolicy':
    'SNS repeats a notification that an https endpoint did not take for an hour, and hands no e-mail to a dead-letter queue. Nobody ' +
    'would look at a queue of old alarms: what an alarm says now is in CloudWatch, and the doctor looks whether it is heard.',
  'Serverless-SQSRedrivePolicy':
    'This is the dead-letter queue. What it holds waits for a person, and a dead-letter queue of its own would only hide it.',
} as const

type Rule = keyof typeof REASONS

/** Checks every stack at synth. A finding that is not accepted is printed, and an error fails the synth. */
export function addNagPacks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
}

/** Accepts findings on one construct and nowhere else. */
export function acknowledge(construct: IConstruct, ...rules: Rule[]): void {
  Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason: REASONS[id] })))
}

/** Accepts that anybody may ask how the stage does. */
export function acknowledgeOpenHealth(route: IConstruct): void {
  Validations.of(route).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason:
      'Made for those who watch from outside and have no credentials. The answer has no name, no id and no secret, comes from memory ' +
      'or a few reads, asks ClickUp nothing, and the function may write nothing. Config `health: false` leaves it out.',
  })
}

/** Accepts that a secret is not rotated by itself. */
export function acknowledgeByHand(secret: IConstruct): void {
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason:
      'Providers of models make keys in their own consoles and by no API that a rotation could use: an operator brings a new one with ' +
      '`hookline rotate model-key`, and it is in use within a minute.',
  })
}

const importSchema = z.object({ 'Fn::ImportValue': z.string() })

/** Accepts a right on all objects under a key in a bucket of another stack; the check names such a finding by the export. */
export function acknowledgeKeys(policy: IConstruct, bucket: Bucket, keys: string): void {
  const arn: unknown = bucket.stack.resolve(bucket.stack.exportValue(bucket.bucketArn))
  Validations.of(policy).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${importSchema.parse(arn)['Fn::ImportValue']}/${keys}]`,
    reason: 'Objects have names that nobody knows beforehand. All of them lie under one key of one bucket.',
  })
}

/**
 * Accepts that a model may be asked in any region: an inference profile chooses one within its geography.
 *
 * @param shown ARNs as the check names them, with `<AWS::Region>` for a placeholder
 */
export function acknowledgeModels(policy: IConstruct, shown: readonly string[]): void {
  const wide = shown.filter((arn) => arn.includes('*'))
  Validations.of(policy).acknowledge(
    ...wide.map((arn) => ({
      id: `AwsSolutions-IAM5[Resource::${arn}]`,
      reason:
        'An inference profile hands a question to whichever region of its geography has room, and wants the right on its model in ' +
        'each. Which model that is the config says.',
    })),
  )
}
