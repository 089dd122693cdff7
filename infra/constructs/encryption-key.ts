import { Aws, Stack } from 'aws-cdk-lib'
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam'
import { type IKey, Key } from 'aws-cdk-lib/aws-kms'
import type { IConstruct } from 'constructs'
import type { Config } from '../config.ts'

const made = new WeakMap<Stack, IKey>()

/** The owner's key as a construct, one for all of a stack; undefined when AWS's own keys are used. */
export function encryptionKeyOf(
  scope: IConstruct,
  { encryptionKeyArn }: Pick<Config, 'encryptionKeyArn'>,
): IKey | undefined {
  if (encryptionKeyArn === undefined) return undefined
  const stack = Stack.of(scope)
  const key = made.get(stack) ?? Key.fromKeyArn(stack, 'EncryptionKey', encryptionKeyArn)
  made.set(stack, key)
  return key
}

/** What a caller needs of the key of what it uses. A service asks for these on behalf of whoever calls it. */
export const KEY_RIGHTS = {
  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
  readTable: { through: 'dynamodb', actions: ['kms:Decrypt', 'kms:DescribeKey'] },
  writeTable: {
    through: 'dynamodb',
    actions: [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
  },
  /** Whoever sends makes a data key, and checks one that SQS has kept: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
  send: { through: 'sqs', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  receive: { through: 'sqs', actions: ['kms:Decrypt'] },
  /** https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html */
  readSecret: { through: 'secretsmanager', actions: ['kms:Decrypt'] },
  writeSecret: { through: 'secretsmanager', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] },
  putObject: { through: 's3', actions: ['kms:GenerateDataKey'] },
} as const

/** A role's rights on the owner's key, each only through the service that asks for it on the role's behalf. */
export class KeyUse {
  private readonly statements = new Map<string, PolicyStatement>()
  private readonly role: Role
  private readonly keyArn: string | undefined

  constructor(role: Role, { encryptionKeyArn }: Pick<Config, 'encryptionKeyArn'>) {
    this.role = role
    this.keyArn = encryptionKeyArn
  }

  allow({ through, actions }: (typeof KEY_RIGHTS)[keyof typeof KEY_RIGHTS]): void {
    if (this.keyArn === undefined) return
    const statement = this.statements.get(through) ?? this.begin(through, this.keyArn)
    // A statement keeps each action once.
    statement.addActions(...actions)
  }

  private begin(service: string, keyArn: string): PolicyStatement {
    const statement = new PolicyStatement({
      effect: Effect.ALLOW,
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}` } },
    })
    this.statements.set(service, statement)
    this.role.addToPrincipalPolicy(statement)
    return statement
  }
}
