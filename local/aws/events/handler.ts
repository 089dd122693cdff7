import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import type { Arns } from '../arns.ts'
import type { Home, JsonObject, ServiceHandler } from '../call.ts'
import { AwsError, jsonReply, parseInput } from '../json-protocol.ts'
import type { Delivery } from './delivery.ts'
import { type Entry, eventOf, MAX_REQUEST_BYTES, sizeOf, wholeSeconds } from './event.ts'
import { patternIn, schemas, targetOf, wireTargetOf } from './requests.ts'
import { createRules, type Rule } from './rules.ts'
import type { RuleTarget } from './target.ts'
import { testPattern } from './test-pattern.ts'
import { inputOf } from './transform.ts'

/** EventBridge: buses, rules with event patterns, targets. No schedules, archives, pipes or permissions. */
export function createEventBridge(home: Home, arns: Arns, clock: Clock, delivery: Delivery) {
  const rules = createRules(arns, delivery.canDeliver)

  const busAnswer = (name: string) => ({ Name: name, Arn: arns.bus(name) })
  const ruleAnswer = (rule: Rule) => ({
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: JSON.stringify(rule.eventPattern),
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    EventBusName: rule.bus,
    ...(rule.description === null ? {} : { Description: rule.description }),
  })

  function publish(entry: Entry): JsonObject {
    const now = clock.now()
    try {
      const event = eventOf(entry, { ...home, id: randomUUID(), now })
      for (const rule of rules.matching(entry.EventBusName ?? 'default', event)) {
        const occasion = { event, ruleArn: rule.arn, ruleName: rule.name, ingestedAt: wholeSeconds(now) }
        for (const target of rule.targets.values()) delivery.start(rule, target, inputOf(target, occasion))
      }
      return { EventId: event.id }
    } catch (error) {
      if (error instanceof AwsError) return { ErrorCode: error.code, ErrorMessage: error.message }
      throw error
    }
  }

  const operations: Record<string, (body: JsonObject) => unknown> = {
    CreateEventBus: (body) => ({ EventBusArn: rules.createBus(parseInput(schemas.bus, body).Name).arn }),
    DescribeEventBus(body) {
      const { Name: name } = parseInput(schemas.describeBus, body)
      rules.rulesOf(name)
      return busAnswer(name)
    },
    ListEventBuses(body) {
      const { NamePrefix: prefix } = parseInput(schemas.listBuses, body)
      const names = rules.busNames().filter((name) => name.startsWith(prefix))
      return { EventBuses: names.map(busAnswer) }
    },
    PutRule(body) {
      const request = parseInput(schemas.putRule, body)
      const rule = rules.putRule({
        name: request.Name,
        bus: request.EventBusName,
        eventPattern: patternIn(request),
        enabled: request.State === 'ENABLED',
        description: request.Description ?? null,
      })
      return { RuleArn: rule.arn }
    },
    DescribeRule(body) {
      const request = parseInput(schemas.rule, body)
      return ruleAnswer(rules.getRule(request.EventBusName, request.Name))
    },
    DeleteRule(body) {
      const request = parseInput(schemas.rule, body)
      rules.deleteRule(request.EventBusName, request.Name)
      return {}
    },
    ListRules(body) {
      const request = parseInput(schemas.listRules, body)
      const found = [...rules.rulesOf(request.EventBusName).values()]
      return { Rules: found.filter(({ name }) => name.startsWith(request.NamePrefix)).map(ruleAnswer) }
    },
    PutTargets(body) {
      const request = parseInput(schemas.putTargets, body)
      rules.putTargets(rules.getRule(request.EventBusName, request.Rule), request.Targets.map(targetOf))
      return { FailedEntryCount: 0, FailedEntries: [] }
    },
    RemoveTargets(body) {
      const request = parseInput(schemas.removeTargets, body)
      const rule = rules.getRule(request.EventBusName, request.Rule)
      for (const id of request.Ids) rule.targets.delete(id)
      return { FailedEntryCount: 0, FailedEntries: [] }
    },
    ListTargetsByRule(body) {
      const request = parseInput(schemas.listTargets, body)
      return { Targets: [...rules.getRule(request.EventBusName, request.Rule).targets.values()].map(wireTargetOf) }
    },
    TestEventPattern: (body) => ({ Result: testPattern(parseInput(schemas.testPattern, body)) }),
    PutEvents(body) {
      const { Entries: entries } = parseInput(schemas.putEvents, body)
      if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MAX_REQUEST_BYTES) {
        throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.')
      }
      const results = entries.map(publish)
      return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results }
    },
  }

  const handle: ServiceHandler = async ({ operation, body }) => {
    const serve = operations[operation]
    if (serve === undefined) {
      throw new AwsError('UnknownOperationException', `${operation} is not supported by the local stack.`)
    }
    return jsonReply('events', serve(body))
  }

  return {
    handle,
    createBus: rules.createBus,
    /** @throws AwsError for a pattern, an input or a target that EventBridge or the stack would refuse */
    putRule(rule: { name: string; bus: string; eventPattern: unknown; targets: RuleTarget[] }): void {
      const { targets, ...put } = rule
      rules.putTargets(rules.putRule({ ...put, enabled: true, description: null }), targets)
    },
  }
}
