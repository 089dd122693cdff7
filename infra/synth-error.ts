/** A mistake in the config or in a function's code: told in plain sentences, without a stack trace. */
export class SynthError extends Error {
  override readonly name = 'SynthError'
}
