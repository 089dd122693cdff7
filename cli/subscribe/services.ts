import type { DeployServices } from '../../core/subscribe/deploy.ts'
import { Failure } from '../failure.ts'
import type { Target } from '../target.ts'

export async function stageOf({ stage }: Target): Promise<string> {
  if (stage !== undefined) return stage
  throw new Failure('The local stack is of an earlier version: end it and run npm start again.')
}

export async function deployServices(target: Target): Promise<DeployServices> {
  return {
    events: await target.more.events(),
    sqs: target.sqs,
    lambda: target.more.lambda,
    busName: await target.busName(),
    stage: await stageOf(target),
  }
}
