import { serveTasks } from './serve-tasks.ts'
import { skills } from './skills.ts'

serveTasks(skills)
