import { Failure } from './failure.ts'

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'EPIPE',
])

/** What an error of an AWS call means for an operator; an error that means nothing to one stays as it is. */
export function explain(error: unknown, label: string): unknown {
  if (!(error instanceof Error)) return error
  const said = error.message.split('\n')[0]?.replace(/\.$/, '') ?? ''
  switch (error.name) {
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return new Failure(
        `No AWS credentials for ${label} (${said}): run npm start for a local stack, name a --profile, or sign in.`,
      )
    case 'ExpiredToken':
    case 'ExpiredTokenException':
      return new Failure(`The AWS credentials for ${label} have expired: sign in again.`)
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
      return new Failure(`AWS does not accept the credentials for ${label} (${said}): check --profile and --region.`)
    case 'AccessDenied':
    case 'AccessDeniedException':
      return new Failure(`Not allowed: ${said}. Ask for that right, or name another --profile.`)
    case 'ResourceNotFoundException':
      return new Failure(`A table of ${label} is missing: run npm start again, or npm run deploy for AWS.`)
    case 'QueueDoesNotExist':
    case 'AWS.SimpleQueueService.NonExistentQueue':
      return new Failure(`A queue of ${label} is missing: run npm start again, or npm run deploy for AWS.`)
    case 'TimeoutError':
      return new Failure(`No answer in time from ${label}: try again, and check the network.`)
    default:
      return explainCode(error, label, said)
  }
}

function explainCode(error: Error, label: string, said: string): unknown {
  if (said === 'Region is missing') {
    return new Failure(
      'No AWS region is known: run npm start for a local stack, or name a --region or a --profile that has one.',
    )
  }
  const code = 'code' in error ? String(error.code) : ''
  if (UNREACHABLE.has(code))
    return new Failure(`No way to ${label} (${said || code}): check that it runs, and the network.`)
  return error
}
