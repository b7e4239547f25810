/** Kinds of files that run code on somebody's machine, or decide whether work passes. Source: definition key `protect`. */
export interface ProtectedKind {
  readonly globs: readonly string[];
  /** What a change to one of them does, such as `changes CI`. */
  readonly reason: string;
}

/** All globs together are the default of `protect`, in this order. */
export const PROTECTED_KINDS: readonly ProtectedKind[] = [
  {
    globs: [
      ".github/**",
      ".gitlab-ci.yml",
      ".gitlab/**",
      ".circleci/**",
      ".buildkite/**",
      ".azure-pipelines/**",
      "azure-pipelines.yml",
      "bitbucket-pipelines.yml",
      ".travis.yml",
      "**/Jenkinsfile",
    ],
    reason: "changes CI",
  },
  {
    globs: [".husky/**", ".githooks/**", "lefthook.yml", ".pre-commit-config.yaml"],
    reason: "changes commit hooks",
  },
  { globs: ["**/.gitattributes"], reason: "changes how files are merged" },
  { globs: ["signalbox.yaml"], reason: "changes the configuration of signalbox" },
  { globs: [".claude/**", ".mcp.json"], reason: "changes settings of agents" },
];
