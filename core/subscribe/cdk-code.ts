import { targetCode } from './cdk-target.ts'
import { literal, type Part } from './code-text.ts'
import { RETENTION_DAYS, type SubscriptionTarget, subscriptionNames, subscriptionTags } from './subscription.ts'
import type { Pattern } from './value-patterns.ts'

export type CodeOptions = {
  name: string
  stage: string
  busName: string
  pattern: Pattern
  target: SubscriptionTarget
  description: string
}

/** A CDK stack in TypeScript with a subscription: rule, target, dead-letter queue. It stands alone and may be edited. */
export function cdkCode(options: CodeOptions): string {
  const { name, stage, busName, pattern, description } = options
  const names = subscriptionNames(stage, name)
  const target = targetCode(options.target)
  const body = [
    `const bus = EventBus.fromEventBusName(this, 'Bus', ${literal(busName)})`,
    '// What the target did not take within a day. Somebody has to look at it: an alarm on its depth is a good idea.',
    `const deadLetters = new Queue(this, 'DeadLetters', ${literal(QUEUE, 4)})`,
    ...target.before,
    "new Rule(this, 'Rule', {",
    `  ruleName: ${literal(names.rule)},`,
    '  eventBus: bus,',
    `  description: ${literal(description.slice(0, 512))},`,
    `  eventPattern: ${literal(cdkPattern(pattern), 6)},`,
    `  targets: [${target.expression}],`,
    '})',
    ...Object.entries(subscriptionTags(stage, name)).map(
      ([key, value]) => `Tags.of(this).add(${literal(key)}, ${literal(value)})`,
    ),
  ]
  return [
    ...importsOf([...COMMON, ...target.imports]),
    '',
    `/** ${description.replaceAll('*/', '* /')} */`,
    `export class ${classNameOf(name)} extends Stack {`,
    '  constructor(scope: Construct, id: string, props?: StackProps) {',
    '    super(scope, id, props)',
    ...body.map((line) => `    ${line}`),
    '  }',
    '}',
    '',
  ].join('\n')
}

const QUEUE = {
  enforceSSL: true,
  encryption: { code: 'QueueEncryption.SQS_MANAGED' },
  retentionPeriod: { code: `Duration.days(${RETENTION_DAYS})` },
}

const COMMON: readonly Part[] = [
  { from: 'aws-cdk-lib', names: ['Duration', 'Stack', 'type StackProps', 'Tags'] },
  { from: 'aws-cdk-lib/aws-events', names: ['EventBus', 'Rule'] },
  { from: 'aws-cdk-lib/aws-sqs', names: ['Queue', 'QueueEncryption'] },
  { from: 'constructs', names: ['type Construct'] },
]

/** One line for each module, in the order in which a formatter would put them. */
function importsOf(parts: readonly Part[]): string[] {
  const byModule = new Map<string, Set<string>>()
  for (const { from, names } of parts) byModule.set(from, new Set([...(byModule.get(from) ?? []), ...names]))
  return [...byModule]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, names]) => {
      const all = [...names].sort((a, b) => (bare(a) < bare(b) ? -1 : 1))
      // A module of which only types are used is imported as such.
      return all.every((each) => each.startsWith('type '))
        ? `import type { ${all.map(bare).join(', ')} } from '${from}'`
        : `import { ${all.join(', ')} } from '${from}'`
    })
}

const bare = (name: string) => name.replace(/^type /, '')

/** CDK calls what the service calls `detail-type` by a name of its own. */
function cdkPattern({ 'detail-type': detailType, ...rest }: Pattern): Record<string, unknown> {
  return { ...rest, ...(detailType === undefined ? {} : { detailType }) }
}

/** `status-to-done` is `StatusToDoneSubscription`. */
const classNameOf = (name: string): string =>
  `${name
    .split(/[^a-z0-9]+/i)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')}Subscription`
