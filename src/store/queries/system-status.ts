import type { DatabaseConnection } from '../database.ts'

/** Whether the database answers. Never rejects. */
export async function databaseAnswers(database: DatabaseConnection): Promise<boolean> {
  try {
    await database.ping()
    return true
  } catch {
    return false
  }
}
