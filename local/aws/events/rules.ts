import { type Arns, nameOf } from '../arns.ts'
import { AwsError } from '../json-protocol.ts'
import { compilePattern } from './pattern.ts'
import type { Matcher } from './pattern-filter.ts'
import type { RuleTarget } from './target.ts'
import { checkInput } from './transform.ts'

export type Rule = {
  name: string
  bus: string
  arn: string
  eventPattern: unknown
  matches: Matcher
  enabled: boolean
  description: string | null
  targets: Map<string, RuleTarget>
}

const MAX_TARGETS = 5

/** Buses and their rules. `canDeliver` says whether there is a way to a target. */
export function createRules(arns: Arns, canDeliver: (targetArn: string) => boolean) {
  const buses = new Map<string, Map<string, Rule>>([['default', new Map()]])

  /** @throws AwsError ResourceNotFoundException */
  function rulesOf(busNameOrArn: string): Map<string, Rule> {
    const name = nameOf(busNameOrArn)
    const rules = buses.get(name)
    if (rules === undefined) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`)
    return rules
  }

  /** @throws AwsError ResourceNotFoundException */
  function getRule(bus: string, name: string): Rule {
    const rule = rulesOf(bus).get(name)
    if (rule !== undefined) return rule
    throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${nameOf(bus)}.`)
  }

  function check(target: RuleTarget): void {
    checkInput(target)
    if (!canDeliver(target.arn)) {
      const message = `Target ${target.id}: ${target.arn} is of a kind that the local stack does not support.`
      throw new AwsError('ValidationException', message)
    }
  }

  return {
    busNames: (): string[] => [...buses.keys()],
    rulesOf,
    getRule,
    /** @throws AwsError ResourceAlreadyExistsException */
    createBus(name: string): { arn: string } {
      if (buses.has(name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`)
      buses.set(name, new Map())
      return { arn: arns.bus(name) }
    },
    /** Makes or changes a rule; it keeps its targets. @throws AwsError InvalidEventPatternException */
    putRule(put: {
      name: string
      bus: string
      eventPattern: unknown
      enabled: boolean
      description: string | null
    }): Rule {
      const rules = rulesOf(put.bus)
      const bus = nameOf(put.bus)
      const rule: Rule = {
        ...put,
        bus,
        arn: arns.rule(bus, put.name),
        matches: compilePattern(put.eventPattern),
        targets: rules.get(put.name)?.targets ?? new Map(),
      }
      rules.set(put.name, rule)
      return rule
    },
    /** All or none. @throws AwsError ValidationException for input or a target that cannot be, LimitExceededException */
    putTargets(rule: Rule, targets: RuleTarget[]): void {
      for (const target of targets) check(target)
      if (new Set([...rule.targets.keys(), ...targets.map(({ id }) => id)]).size > MAX_TARGETS) {
        throw new AwsError('LimitExceededException', `The requested resource exceeds the maximum number allowed.`)
      }
      for (const target of targets) rule.targets.set(target.id, target)
    },
    /** @throws AwsError ValidationException while it has targets */
    deleteRule(bus: string, name: string): void {
      const rule = rulesOf(bus).get(name)
      if (rule !== undefined && rule.targets.size > 0) {
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.")
      }
      rulesOf(bus).delete(name)
    },
    /**
     * The rules that an event has to go through. None for a bus that does not exist: the service accepts such events
     * and drops them, https://github.com/aws/aws-cli/issues/9186
     */
    matching(bus: string, event: unknown): Rule[] {
      const rules = [...(buses.get(nameOf(bus))?.values() ?? [])]
      return rules.filter((rule) => rule.enabled && rule.matches(event))
    },
  }
}
