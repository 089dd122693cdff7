import { RemovalPolicy, SecretValue } from 'aws-cdk-lib'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import { acknowledge, acknowledgeByHand } from '../nag.ts'

export type ConnectionSecretProps = {
  /** From `core/platform/names.ts`: the functions find the secret by it. */
  secretName: string
  description: string
  /**
   * What stands in the template: says that there is no secret yet. CloudFormation writes it once. It would write a different
   * one over the real value, so this never changes: a newer format is understood by the code that reads it.
   */
  placeholder: Record<string, unknown>
  /** @default - the account's `aws/secretsmanager`. Another key leaves the value as it is. */
  encryptionKey?: IKey | undefined
  /**
   * Nothing rotates it: whoever has made the value brings another one. It goes when nothing wants it any more, because its name has to
   * be free when something wants one again; CloudFormation deletes a secret at once and for good:
   * https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1999
   * @default false
   */
  byHand?: boolean
}

/** A secret that the template declares and somebody else fills. */
export class ConnectionSecret extends Secret {
  constructor(scope: Construct, id: string, props: ConnectionSecretProps) {
    super(scope, id, {
      secretName: props.secretName,
      description: props.description,
      ...(props.encryptionKey && { encryptionKey: props.encryptionKey }),
      secretStringValue: SecretValue.unsafePlainText(JSON.stringify(props.placeholder)),
      // Kept when the connection or the stack goes, but not when its creation is rolled back: the name has to be free again.
      removalPolicy: props.byHand ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    if (props.byHand) acknowledgeByHand(this)
    else acknowledge(this, 'AwsSolutions-SMG4')
  }
}
