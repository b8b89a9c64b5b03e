import type { Db } from 'pg-boss'
import type { DatabaseConnection } from '../store/database.ts'

/** Our database as pg-boss wants to see it. Its transactions are ours: it is handed one wherever work is sent or completed. */
export function bossDatabase(database: DatabaseConnection): Db {
  return {
    executeSql: (text, values) => database.executeSql(text, values),
    async listen(channel, onNotification, onReconnect) {
      const close = await database.listen(channel, onNotification, onReconnect)
      // A job sent between the first look at the queue and this moment was not heard of.
      onReconnect()
      return { close }
    },
  }
}
