/** The arrows between folders. Read with ARCHITECTURE.md: core <- documents/ports/config <- engine, adapters <- cli; compose alone wires engine to adapters. */
const forbid = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: to },
});
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    forbid("core-is-pure", "^src/core/(?!.*\\.test\\.ts$)", "^(?!src/core/).*", "core imports only itself"),
    forbid(
      "documents-see-core",
      "^src/documents/(?!.*\\.test\\.ts$)",
      "^src/(?!core/|documents/)",
      "documents are functions of state",
    ),
    forbid("ports-see-core", "^src/ports/", "^src/(?!core/|ports/)", "ports are interfaces over core types"),
    forbid(
      "config-sees-core",
      "^src/config/(?!.*\\.test\\.ts$)",
      "^src/(?!core/|config/)",
      "config turns text into core types",
    ),
    forbid(
      "engine-knows-no-adapter",
      "^src/engine/(?!.*\\.test\\.ts$)",
      "^src/(adapters|cli|compose)",
      "the engine speaks to ports",
    ),
    forbid(
      "adapters-know-no-engine",
      "^src/adapters/(?!.*\\.test\\.ts$)",
      "^src/(engine|cli|compose|documents)",
      "adapters implement ports",
    ),
    forbid("nothing-imports-cli", "^src/(?!cli/)", "^src/cli/", "the command line is a leaf"),
    forbid(
      "one-spawn-site",
      "^src/(?!adapters/process/)(?!.*\\.test\\.ts$)",
      "^node:child_process$|^child_process$",
      "adapters/process is the only place that spawns",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
