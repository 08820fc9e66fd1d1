module.exports = {
  testMatch: ["<rootDir>/*.recipe.ts"],
  testEnvironment: "node",
  transform: { "\\.ts$": "<rootDir>/typescript.cjs" },
  // Only within this repository, where packages are used from their sources.
  testEnvironmentOptions: { customExportConditions: ["@tsyncio/source", "node", "require", "default"] },
  transformIgnorePatterns: ["/node_modules/(?!@tsyncio/)"],
};
