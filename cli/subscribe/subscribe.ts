import { cdkCode } from '../../core/subscribe/cdk-code.ts'
import { type DeployServices, deploySubscription } from '../../core/subscribe/deploy.ts'
import { loadKnownPlaces } from '../../core/subscribe/known-places.ts'
import { listSubscriptions } from '../../core/subscribe/list.ts'
import { MAX_PATTERN, patternOf } from '../../core/subscribe/pattern.ts'
import { UnreadablePolicy } from '../../core/subscribe/queue-policy.ts'
import { NoSuchQueue } from '../../core/subscribe/queues.ts'
import {
  MAX_RULE_NAME,
  NoSuchFunction,
  type SubscriptionTarget,
  subscriptionNames,
} from '../../core/subscribe/subscription.ts'
import type { Pattern } from '../../core/subscribe/value-patterns.ts'
import { confirm } from '../connect/ask.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'
import { writeJson } from '../output/json.ts'
import { plain } from '../output/text.ts'
import type { Target } from '../target.ts'
import { deployServices, stageOf } from './services.ts'
import type { SubscribeOptions } from './subscribe-options.ts'
import { nameFor, told } from './texts.ts'
import { tryOut } from './try-out.ts'
import { wantedOf } from './wanted.ts'

/** Prints a subscription as code, tries it, or deploys it. */
export async function subscribe(io: Io, target: Target, options: SubscribeOptions): Promise<void> {
  const known = await loadKnownPlaces({ dynamo: target.dynamo, table: target.tables.state }, target.connections)
  const { wanted, notes } = wantedOf(options, known, target)
  const pattern = patternOf(wanted)
  if (JSON.stringify(pattern).length > MAX_PATTERN)
    throw new Failure(`EventBridge takes patterns of at most ${MAX_PATTERN} characters: make two subscriptions of it.`)
  for (const note of notes) io.note(plain(note))
  if (options.dryRun !== undefined) return tryOut(io, target, { ...options, pattern })
  const sends = targetOf(options)
  const stage = await stageOf(target)
  const name = options.name ?? nameFor(options)
  const description = `What ${told(options)} (hookline subscribe)`
  const { rule } = subscriptionNames(stage, name)
  if (rule.length > MAX_RULE_NAME)
    throw new Failure(`The rule would be called ${rule}, which is longer than ${MAX_RULE_NAME}: give a shorter --name.`)
  if (options.deploy) return deploy(io, target, options, { name, pattern, sends, description, rule })
  const code = cdkCode({ ...{ name, stage, pattern, description }, busName: await target.busName(), target: sends })
  if (options.json) writeJson(io, { name, rule, pattern, code })
  else io.write(code)
}

function targetOf({ target, arn, url, secret, header }: SubscribeOptions): SubscriptionTarget {
  if (target === 'https') {
    if (url === undefined) throw new Failure('An https target needs its address: --url https://...')
    if (secret === undefined)
      throw new Failure(
        'EventBridge sends nothing without authorization: name a secret in Secrets Manager with --secret.',
      )
    return { kind: 'https', url, secret, header }
  }
  const fits = arn?.includes(`:${target}:`)
  if (arn !== undefined && !fits) throw new Failure(`--arn ${arn} is no ${target} target.`)
  if (target === 'sqs') return { kind: 'sqs', arn }
  if (arn === undefined) throw new Failure('A lambda target needs the ARN of its function: --arn arn:aws:lambda:...')
  return { kind: 'lambda', arn }
}

/** A name that nobody has chosen says little: of two that want nearly the same, the second would take the place of the first. */
async function refuseAnother(services: DeployServices, { name, pattern, sends, rule }: Plan): Promise<void> {
  const there = (await listSubscriptions(services)).find((each) => each.name === name)
  const arn = sends.kind === 'https' ? undefined : sends.arn
  const isSame =
    there === undefined ||
    (there.pattern === JSON.stringify(pattern) &&
      there.targets.every((each) => (arn === undefined ? each.endsWith(`:${rule}`) : each === arn)))
  if (!isSame)
    throw new Failure(
      `There is another subscription ${name} already (npx hookline subscriptions): say --name ${name} to change that one, or give this one another --name.`,
    )
}

type Plan = { name: string; pattern: Pattern; sends: SubscriptionTarget; description: string; rule: string }

async function deploy(io: Io, target: Target, options: SubscribeOptions, plan: Plan): Promise<void> {
  const { name, pattern, sends, description, rule } = plan
  if (sends.kind === 'https')
    throw new Failure('An https target needs a role, which only a template should make: deploy the code instead.')
  const question = `Make or change the rule ${rule} with its queues (${target.label})?`
  if (!(await confirm(io, options, question))) return io.note('Nothing was changed.')
  const services = await deployServices(target)
  if (options.name === undefined) await refuseAnother(services, plan)
  const deployed = await deploySubscription(services, { name, pattern, target: sends, description }).catch(
    (error: unknown) => {
      if (error instanceof NoSuchQueue || error instanceof NoSuchFunction)
        throw new Failure(`${error.message} Check --arn.`)
      if (error instanceof UnreadablePolicy)
        throw new Failure(
          `${error.message} Take the printed code instead, and let the rule send in the queue's own stack.`,
        )
      throw error
    },
  )
  if (options.json) return writeJson(io, { name, pattern, ...deployed })
  io.write(
    `${rule} sends to ${plain(deployed.targetArn)}.\n` +
      `What cannot be delivered is in ${plain(deployed.deadLettersUrl)}.\n` +
      `Take it away with: npx hookline unsubscribe ${name}\n`,
  )
}
