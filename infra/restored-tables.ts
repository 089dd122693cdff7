import * as z from 'zod'

const tableName = z
  .string()
  .regex(/^[\w.-]{3,255}$/, 'must be the name of a table: 3 to 255 letters, digits, dots, dashes or underscores')

/**
 * Point-in-time recovery never writes into a table that is there: it makes another one, under a name of its own. Here that
 * name is told, and every function and the command line use the table; the one it stands for stays as it is.
 */
export const restoredTablesConfig = z.strictObject({
  /**
   * Stands for the ledger.
   * @default - the table that the stack made
   */
  ledger: tableName.optional(),
  /**
   * Stands for the table of tasks.
   * @default - the table that the stack made
   */
  tasks: tableName.optional(),
  /**
   * Stands for the table of state.
   * @default - the table that the stack made
   */
  state: tableName.optional(),
})
