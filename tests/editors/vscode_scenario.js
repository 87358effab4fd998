// The extension's own code against the server, without VS Code: its contributions agree with what it registers and with what
// the server offers, and its commands do what they say. node vscode_scenario.js EXTENSION PROJECT
'use strict';

const assert = require('assert');
const fs = require('fs');
const Module = require('module');
const path = require('path');
const { Session } = require('./session');

const [extension, project] = process.argv.slice(2);
const manifest = JSON.parse(fs.readFileSync(path.join(extension, 'package.json'), 'utf8'));

let session;
const registered = new Map();
const told = [];
const answers = { input: undefined, pick: 0 };
const settings = Object.fromEntries(
  Object.entries(manifest.contributes.configuration.properties).map(([name, one]) => [name.slice('bibsmith.'.length), one.default]));
const disposable = { dispose() {} };

// As much of VS Code as the extension uses.
class EventEmitter {
  constructor() {
    this.event = () => disposable;
  }
  fire() {}
}
const vscode = {
  EventEmitter,
  Range: class {},
  ThemeIcon: class {},
  TreeItem: class {
    constructor(label) {
      this.label = label;
    }
  },
  TreeItemCollapsibleState: { None: 0, Expanded: 2 },
  StatusBarAlignment: { Right: 2 },
  Uri: { parse: (text) => ({ toString: () => text }) },
  commands: {
    registerCommand(name, run) {
      assert.ok(!registered.has(name), `${name} twice`);
      registered.set(name, run);
      return disposable;
    },
  },
  extensions: { getExtension: () => undefined },
  window: {
    createStatusBarItem: () => ({ show() {}, dispose() {} }),
    registerTreeDataProvider: (id, tree) => {
      vscode.tree = { id, tree };
      return disposable;
    },
    showErrorMessage: (text) => told.push(text),
    showInformationMessage: (text) => told.push(text),
    showInputBox: async () => answers.input,
    showQuickPick: async (items) => items[answers.pick],
  },
  workspace: {
    getConfiguration: () => ({ get: (name) => settings[name] }),
    onDidSaveTextDocument: () => disposable,
  },
};

function show(uri, languageId) {
  const lines = () => session.texts.get(uri).split('\n');
  vscode.window.activeTextEditor = {
    document: {
      languageId,
      uri: { toString: () => uri },
      get lineCount() {
        return lines().length;
      },
      lineAt: (line) => ({ text: lines()[line], range: { end: { line, character: lines()[line].length } } }),
    },
    selection: { active: { line: 3, character: 0 } },
    edit: async (change) => {
      let inserted;
      change({ insert: (place, text) => (inserted = { range: { start: place, end: place }, newText: text }) });
      await session.edit(uri, [inserted]);
    },
  };
}

class LanguageClient {
  constructor(id, name, program, options) {
    assert.deepStrictEqual(program, { command: 'bibsmith', args: ['lsp'] });
    this.options = options;
  }
  async start() {
    session = await new Session(project, settings).start({ initializationOptions: this.options.initializationOptions });
  }
  async stop() {}
  sendRequest(method, params) {
    return session.request(method, params);
  }
}

const load = Module._load;
Module._load = (name, ...rest) => {
  if (name === 'vscode') return vscode;
  if (name === 'vscode-languageclient/node') return { LanguageClient };
  return load(name, ...rest);
};

async function main() {
  const { activate } = require(path.join(extension, manifest.main === './dist/extension.js' ? 'src/extension.js' : manifest.main));
  await activate({ subscriptions: [] });
  assert.deepStrictEqual(manifest.contributes.commands.map((one) => one.command).sort(), [...registered.keys()].sort());
  // The client registers the server's commands by itself: a second of that name would end the start.
  const offered = session.server.capabilities.executeCommandProvider.commands;
  assert.deepStrictEqual(offered.filter((name) => registered.has(name)), []);
  assert.deepStrictEqual(manifest.contributes.views.explorer.map((one) => one.id), [vscode.tree.id]);
  const menus = Object.values(manifest.contributes.menus).flat();
  assert.deepStrictEqual(menus.filter((one) => !registered.has(one.command)), []);

  const run = (name) => registered.get(name)();
  const last = () => told[told.length - 1];
  const paper = session.open('paper.tex', 'latex');
  await run('bibsmith.fetchMissing');
  assert.strictEqual(last(), 'Bibsmith: open the document that cites first');
  show(paper, 'latex');
  await run('bibsmith.fetchMissing');
  assert.strictEqual(last(), 'Bibsmith: 1 entry');
  assert.ok(session.texts.get(paper).includes('\\cite{vaswani2017attention}'));
  await run('bibsmith.fetchMissing');
  assert.strictEqual(last(), 'Bibsmith: no citation of this file can be fetched');
  answers.input = '1810.04805, arXiv:1412.6980';
  await run('bibsmith.addPaper');
  assert.ok(session.texts.get(paper).includes('\n\\cite{devlin2018bert,kingma2014adam}'), session.texts.get(paper));
  answers.input = 'deep residual learning';
  await run('bibsmith.searchArxiv');
  assert.ok(session.texts.get(paper).includes('\\cite{he2015deep'), session.texts.get(paper));
  answers.input = 'Goodfellow';
  await run('bibsmith.papersOfAuthor');
  assert.ok(session.texts.get(paper).includes('\\cite{goodfellow2014generative'), session.texts.get(paper));
  await run('bibsmith.cite');
  await run('bibsmith.showStatus');
  assert.match(last(), /^Bibsmith \d/);
  await run('bibsmith.updateBibliography');
  assert.strictEqual(last(), 'Bibsmith: open the bibliography that is to be updated');
  const bib = session.open('refs.bib', 'bibtex');
  show(bib, 'bibtex');
  await run('bibsmith.updateBibliography');
  assert.ok(session.lastEdit.changeAnnotations, 'with a preview');

  await run('bibsmith.verifyReferences');
  assert.match(last(), /^Bibsmith: \d+ verified, \d+ with wrong fields, \d+ not found, 0 that do not exist/);
  const { askReason } = require(path.join(extension, 'src/papers.js'));
  const passed = [];
  const next = (...call) => passed.push(call);
  answers.input = ' the proceedings say so ';
  await askReason('bibsmith.accept', [{ key: 'a', reason: 'accepted in the editor' }], next);
  await askReason('bibsmith.verify', [{}], next);
  answers.input = undefined;
  await askReason('bibsmith.accept', [{ key: 'a' }], next);
  assert.deepStrictEqual(passed, [['bibsmith.accept', [{ key: 'a', reason: 'the proceedings say so' }]], ['bibsmith.verify', [{}]]]);

  const [file] = await vscode.tree.tree.getChildren();
  assert.strictEqual(file.uri, bib);
  const entries = await vscode.tree.tree.getChildren(file);
  assert.strictEqual(entries.length, 5);
  assert.strictEqual(vscode.tree.tree.getTreeItem(file).description, '5');
  assert.ok(entries.every((entry) => vscode.tree.tree.getTreeItem(entry).command.command === 'vscode.open'));
  assert.strictEqual(await session.stop(), 0);

  const { cited } = require(path.join(extension, 'src/papers.js'));
  for (const [languageId, before, wanted] of [
    ['latex', '', '\\cite{a,b}'], ['latex', '\\cite{', 'a,b'], ['markdown', 'see ', '[@a; @b]'], ['typst', '', '@a @b'],
    ['org', '', '[cite:@a;@b]'], ['bibtex', '', 'a,b']]) {
    assert.strictEqual(cited(['a', 'b'], languageId, before), wanted);
  }

  // The settings are those of docs/lsp.md.
  const documented = fs.readFileSync(path.join(extension, '../../../docs/lsp.md'), 'utf8');
  const own = ['path', 'preview'];
  for (const name of Object.keys(settings).filter((one) => !own.includes(one))) {
    assert.ok(documented.includes(`\`${name}\``), `docs/lsp.md says nothing of ${name}`);
  }
}

main().catch((error) => {
  console.error(error, told);
  process.exit(1);
});
