// Bibsmith in VS Code: the language server's client, its commands for the palette, a status item and a tree.
'use strict';

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');
const { BibliographyTree } = require('./bibliography_tree');
const papers = require('./papers');

const languages = ['latex', 'tex', 'plaintex', 'context', 'bibtex', 'markdown', 'quarto', 'rmd', 'typst', 'org'];

// Extensions that run a server which does part of our work.
const peerExtensions = { 'efoerster.texlab': 'texlab' };

let client;
let status;

function peers() {
  return Object.keys(peerExtensions)
    .filter((id) => vscode.extensions.getExtension(id))
    .map((id) => peerExtensions[id]);
}

function newClient() {
  const settings = vscode.workspace.getConfiguration('bibsmith');
  const program = { command: settings.get('path', 'bibsmith'), args: ['lsp'] };
  return new LanguageClient('bibsmith', 'Bibsmith', program, {
    documentSelector: languages.map((language) => ({ scheme: 'file', language })),
    synchronize: { configurationSection: 'bibsmith' },
    initializationOptions: { peers: peers() },
    middleware: { executeCommand: papers.askReason },
  });
}

function showState(text, tooltip) {
  status.text = text;
  status.tooltip = tooltip;
  status.show();
}

async function start() {
  client = newClient();
  try {
    await client.start();
    showState('$(book) Bibsmith', 'Bibsmith runs');
  } catch (error) {
    showState('$(warning) Bibsmith', String(error.message || error));
    vscode.window.showErrorMessage(`Bibsmith did not start: ${error.message || error}. Is bibsmith.path right?`);
  }
}

async function stop() {
  if (client) await client.stop().catch(() => undefined);
}

function activate(context) {
  status = vscode.window.createStatusBarItem('bibsmith.status', vscode.StatusBarAlignment.Right, 0);
  status.name = 'Bibsmith';
  status.command = 'bibsmith.showStatus';
  showState('$(sync~spin) Bibsmith', 'Bibsmith starts');

  // The server is looked for anew at each call: a restart makes another client.
  const server = {
    execute: (command, argument) => server.request('workspace/executeCommand', { command, arguments: [argument] }),
    request: (method, params) => client.sendRequest(method, params),
  };
  const tree = new BibliographyTree(server);
  const commands = {
    'bibsmith.fetchMissing': () => papers.fetchMissing(server),
    'bibsmith.addPaper': () => papers.addPaper(server),
    'bibsmith.searchArxiv': () => papers.searchArxiv(server),
    'bibsmith.papersOfAuthor': () => papers.papersOfAuthor(server),
    'bibsmith.cite': () => papers.cite(server),
    'bibsmith.updateBibliography': () => papers.update(server),
    'bibsmith.verifyReferences': () => papers.verify(server),
    'bibsmith.showStatus': () => papers.showStatus(server, peers()),
    'bibsmith.restart': async () => {
      await stop();
      await start();
      tree.refresh();
    },
    'bibsmith.refreshTree': () => tree.refresh(),
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(
      vscode.commands.registerCommand(name, async () => {
        try {
          await run();
        } catch (error) {
          vscode.window.showErrorMessage(`Bibsmith: ${error.message || error}`);
        }
      }),
    );
  }
  context.subscriptions.push(
    status,
    vscode.window.registerTreeDataProvider('bibsmith.bibliography', tree),
    vscode.workspace.onDidSaveTextDocument((document) => document.languageId === 'bibtex' && tree.refresh()),
  );
  return start().then(() => tree.refresh());
}

module.exports = { activate, deactivate: stop };
