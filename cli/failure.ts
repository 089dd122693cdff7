/** What keeps a command from its work, in one line that says what to do next; the command ends with status 1. */
export class Failure extends Error {
  override name = 'Failure'
}

/** The answer itself is the failure: the command ends with status 1 and says nothing more. */
export class Told extends Error {
  override name = 'Told'
}
