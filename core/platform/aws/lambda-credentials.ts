/**
 * Stands in for the SDK's default credential chain in the functions' bundles (see `infra/constructs/bundle.ts`). Lambda
 * always gives credentials by these variables; the chain's other nine sources are a third of a bundle, loaded at every
 * cold start to find nothing.
 */
export const defaultProvider = () => async () => {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = process.env
  if (!accessKeyId || !secretAccessKey) throw new Error('The function has no AWS credentials in its environment.')
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
}
