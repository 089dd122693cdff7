import { S3Client } from '@aws-sdk/client-s3'
import { type CallLimits, clientSettings } from './limits.ts'

export const s3Client = (limits: CallLimits) => new S3Client(clientSettings(limits))
