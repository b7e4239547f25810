import { describe, expect, it } from "vitest";
import { bubblewrapArguments, neededBelow, type SandboxView } from "./bubblewrap.ts";

const VIEW: SandboxView = {
  cwd: "/repo-wt/a",
  own: "/tmp/own",
  temporary: ["/tmp", "/var/tmp"],
  empty: ["/run", "/run/user/1000"],
  mounts: [],
  env: {},
};

/** Every `--bind`-like option with its words, in order. */
function placed(view: SandboxView): readonly string[] {
  const text = bubblewrapArguments(view).join(" ");
  return text.match(/--(?:bind|ro-bind|tmpfs|dev|proc) [^ ]+(?: \/[^ ]*)?/g) ?? [];
}

describe("the arguments of bwrap", () => {
  it("make the machine readable, and only what is the session's own writable", () => {
    const args = bubblewrapArguments({
      ...VIEW,
      mounts: [{ from: "/repo-wt/a", at: "/repo-wt/a", mode: "write" }],
      env: { TMPDIR: "/tmp" },
    });
    const kernel = / --ro-bind-try (\/proc\/\w[\w-]*) \1/g;
    expect(args.join(" ").match(kernel)).toContain(" --ro-bind-try /proc/sys /proc/sys");
    expect(args.join(" ").replaceAll(kernel, "")).toBe(
      "--die-with-parent --new-session --unshare-pid --unshare-ipc --cap-drop ALL --ro-bind / / --dev /dev --proc /proc " +
        "--tmpfs /run --bind /tmp/own /tmp --bind /tmp/own /var/tmp --bind /repo-wt/a /repo-wt/a --tmpfs /run/user/1000 " +
        "--chdir /repo-wt/a --setenv TMPDIR /tmp --",
    );
  });

  it("put what lies deeper later, so that nothing is hidden by what is around it", () => {
    const read = (at: string) => ({ from: at, at, mode: "read" as const });
    const write = (at: string) => ({ from: at, at, mode: "write" as const });
    const order = placed({
      ...VIEW,
      temporary: ["/tmp"],
      empty: [],
      mounts: [read("/tmp/w/wt/.git"), write("/tmp/w/wt"), read("/tmp/w/wt"), read("/tmp/w")],
    });
    expect(order.slice(3)).toEqual([
      "--bind /tmp/own /tmp",
      "--ro-bind /tmp/w /tmp/w",
      "--ro-bind /tmp/w/wt /tmp/w/wt",
      "--bind /tmp/w/wt /tmp/w/wt",
      "--ro-bind /tmp/w/wt/.git /tmp/w/wt/.git",
    ]);
  });

  it("leave the network of the machine, by which the model service is reached", () => {
    expect(bubblewrapArguments(VIEW)).not.toContain("--unshare-net");
    expect(bubblewrapArguments(VIEW)).not.toContain("--unshare-all");
  });
});

describe("what is needed below a covered folder", () => {
  it("is what paths and lists of paths name there, and never the folder itself", () => {
    const named = [
      "/usr/bin:/tmp/x/bin",
      "/tmp",
      "/tmp/",
      "/run/user/1000",
      "http://a/tmp/b",
      "/home/ana",
      "/tmpfile",
    ];
    expect(neededBelow(["/tmp", "/run", "/run/user/1000"], named)).toEqual(["/tmp/x/bin"]);
  });
});
