/** A project file that changes nothing yet and shows what can be said. */
export const CONFIGURATION = `# How agents run in this repository. Every key is optional.
# What holds now, and where each value comes from: signalbox config --show-origin

# Commands that must pass before work is accepted and on every merge.
# checks:
#   - npm test

# A fresh worktree gets the dependencies of its lockfile by itself. What it needs beside that:
# provision:
#   copy: [.env]
#   run:
#     - npm run build

# Hard limits. At a limit the work is kept and a person is asked.
# limits:
#   parallel: 3
#   timeout: 1h
#   usd: 10
`;
