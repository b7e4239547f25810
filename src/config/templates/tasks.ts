/** Pieces of code work that run at the same time, each on its own branch. */
export const TASKS = `# Criticality C1: checks and a look at the diff decide. At C2 critics and a judge review each task as well.
criticality: C1
finish:
  per: slot

stages:
  - phase: Work
    slots:
      - id: first
        brief: |
          Say what is to be changed, and how to see that it works.
      - id: second
        brief: |
          Tasks run at the same time; each has a branch and a worktree of its own.
      - id: third
        after: first
        brief: |
          This one starts when the work of the first task is merged.
`;
