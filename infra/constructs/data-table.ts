import { RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { PK } from '../../core/platform/tables.ts'

export type DataTableProps = {
  /** @default - items have one key */
  sortKey?: string
  /** @default - items stay */
  timeToLiveAttribute?: string
  /** Keys-only indexes. @default [] */
  indexes?: readonly { index: string; pk: string; sk: string }[]
  /** @default - the account's `aws/dynamodb` */
  encryptionKey?: IKey | undefined
}

/**
 * A table as all three are: on demand, recoverable to any second of 35 days, and safe from a stack's removal.
 *
 * Encrypted with the account's `aws/dynamodb` key rather than one that AWS owns: every use of it shows in CloudTrail, and
 * DynamoDB asks for it once in minutes, so it costs next to nothing. A key of one's own costs a dollar a month and adds a way to
 * lose everything, so it is only used when asked for; DynamoDB changes from one to the other in place, without interruption
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-dynamodb-table-ssespecification.html).
 * No physical name, so that CloudFormation can replace a table and tests can stand side by side.
 */
export class DataTable extends Table {
  constructor(scope: Construct, id: string, props: DataTableProps = {}) {
    const string = (name: string) => ({ name, type: AttributeType.STRING })
    super(scope, id, {
      partitionKey: string(PK),
      ...(props.sortKey && { sortKey: string(props.sortKey) }),
      ...(props.timeToLiveAttribute && { timeToLiveAttribute: props.timeToLiveAttribute }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(props.encryptionKey
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey: props.encryptionKey }
        : { encryption: TableEncryption.AWS_MANAGED }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    for (const { index, pk, sk } of props.indexes ?? [])
      this.addGlobalSecondaryIndex({
        indexName: index,
        partitionKey: string(pk),
        sortKey: string(sk),
        projectionType: ProjectionType.KEYS_ONLY,
      })
  }
}
