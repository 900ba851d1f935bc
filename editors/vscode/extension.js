// Starts `assay lsp` for the open folders.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const settings = vscode.workspace.getConfiguration("assay");
  const initializationOptions = { includeTests: settings.get("includeTests") };
  for (const name of ["threat", "severity"]) {
    if (settings.get(name)) initializationOptions[name] = settings.get(name);
  }
  const documentSelector = ["python", "html", "jinja", "jinja-html", "toml", "pip-requirements"].map((language) => ({
    scheme: "file",
    language,
  }));
  client = new LanguageClient(
    "assay",
    "Assay",
    { command: settings.get("path"), args: ["lsp"] },
    { documentSelector, initializationOptions },
  );
  await client.start();
}

async function stop() {
  await client?.stop();
  client = undefined;
}

exports.activate = async (context) => {
  const restart = async () => {
    await stop();
    await start();
  };
  context.subscriptions.push(
    vscode.commands.registerCommand("assay.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("assay") && restart()),
  );
  await start();
};

exports.deactivate = stop;
