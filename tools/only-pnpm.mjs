// A plain `npm install` would install the root and none of the packages: stop it, and name the command that works.
const agent = process.env.npm_config_user_agent ?? "";
if (!agent.startsWith("pnpm/")) {
  console.error("This repository is installed with pnpm; npm would leave every package without its dependencies.");
  console.error("Run instead:  npx --yes pnpm@10.34.9 install");
  process.exit(1);
}
