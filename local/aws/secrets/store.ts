import { createHash } from 'node:crypto'
import type { Clock } from '../../../core/platform/clock.ts'
import type { Arns } from '../arns.ts'
import { AwsError } from '../json-protocol.ts'

export type SecretValue = { kind: 'text'; text: string } | { kind: 'binary'; base64: string }

export type SecretVersion = {
  id: string
  createdAt: number
  /** Null while a rotation has made the version and its function has not filled it yet. */
  value: SecretValue | null
  stages: Set<string>
}

export type RotationRules = {
  AutomaticallyAfterDays?: number | undefined
  Duration?: string | undefined
  ScheduleExpression?: string | undefined
}

export type RotationState = {
  /** Kept when rotation is cancelled, so that it can be taken up again without naming the function. */
  lambdaArn: string | null
  enabled: boolean
  rules: RotationRules | null
  /** The id of the version that a rotation is making. */
  running: string | null
  lastAt: number | null
  /** From when the days to the next one count: the schedule was set, or the value was changed, by a rotation or by hand. */
  countsFrom: number
}

export type Secret = {
  arn: string
  name: string
  description: string | null
  tags: Map<string, string>
  /** By id, oldest first. */
  versions: Map<string, SecretVersion>
  rotation: RotationState
  createdAt: number
  changedAt: number
  /** When it may be deleted for good, null unless it was marked for deletion. */
  deletionAt: number | null
}

/** Real ARNs end with a dash and six characters, so that a secret made anew under its old name has another ARN. */
function suffixOf(name: string, generation: number): string {
  const digest = createHash('sha256').update(`${generation}:${name}`).digest('base64')
  return digest.replace(/[^A-Za-z0-9]/g, '').slice(0, 6)
}

/** The secrets by name, found by name, ARN, or ARN without its suffix. */
export function createSecretStore(arns: Arns, clock: Clock) {
  const secrets = new Map<string, Secret>()
  let generation = 0

  function find(id: string): Secret | undefined {
    const byName = secrets.get(id)
    if (byName !== undefined || !id.startsWith('arn:')) return byName
    return [...secrets.values()].find(({ arn }) => arn === id || arn.replace(/-[A-Za-z0-9]{6}$/, '') === id)
  }

  return {
    /** @throws AwsError ResourceExistsException, or InvalidRequestException while the old one waits for its deletion */
    create(name: string): Secret {
      const existing = secrets.get(name)
      if (existing !== undefined && existing.deletionAt !== null) {
        const message =
          "You can't create this secret because a secret with this name is already scheduled for deletion."
        throw new AwsError('InvalidRequestException', message)
      }
      if (existing !== undefined) {
        const message = `The operation failed because the secret ${name} already exists.`
        throw new AwsError('ResourceExistsException', message)
      }
      generation += 1
      const now = clock.now()
      const secret: Secret = {
        arn: arns.secret(`${name}-${suffixOf(name, generation)}`),
        name,
        description: null,
        tags: new Map(),
        versions: new Map(),
        rotation: { lambdaArn: null, enabled: false, rules: null, running: null, lastAt: null, countsFrom: now },
        createdAt: now,
        changedAt: now,
        deletionAt: null,
      }
      secrets.set(name, secret)
      return secret
    },
    find,
    /** @throws AwsError ResourceNotFoundException */
    get(id: string): Secret {
      const secret = find(id)
      if (secret === undefined) {
        throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")
      }
      return secret
    },
    /** @throws AwsError ResourceNotFoundException, or InvalidRequestException when it was marked for deletion */
    getLive(id: string): Secret {
      const secret = this.get(id)
      if (secret.deletionAt !== null) {
        const message = "You can't perform this operation on the secret because it was marked for deletion."
        throw new AwsError('InvalidRequestException', message)
      }
      return secret
    },
    remove(secret: Secret): void {
      secrets.delete(secret.name)
    },
    all: (): Secret[] => [...secrets.values()],
  }
}
