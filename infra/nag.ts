import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'

/** Rules that this shape cannot meet, each with its reason. They are accepted on single constructs, where those are made. */
const REASONS = {
  'AwsSolutions-APIG4':
    'ClickUp authenticates a webhook by an HMAC over the raw body and can send nothing else. An authorizer of an HTTP API does not ' +
    'see the body, so the verifier checks the signature before anything else happens; no other route exists.',
  'AwsSolutions-SMG4':
    'It is rotated, and the check cannot see that: the schedule stands in the stack of the function that rotates, because this ' +
    'stack outlives every deploy of that one.',
  'Serverless-LambdaDLQ':
    'The target of failed asynchronous invocations, and nobody invokes this function asynchronously: its only callers are API ' +
    'Gateway, which passes the failure on to ClickUp, the event source of a queue, which has a dead-letter queue, and Secrets ' +
    'Manager, which waits for each step of a rotation and tries one that failed again.',
  'Serverless-LambdaEventSourceMappingDestination':
    'Lambda takes an on-failure destination for streams, not for an SQS source. The queue has its dead-letter queue instead.',
  'Serverless-LambdaTracing':
    'Needs X-Ray write access on every resource, and shows little without the X-Ray SDK, which is in maintenance. A delivery is ' +
    'followed by its ids through the structured logs.',
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
