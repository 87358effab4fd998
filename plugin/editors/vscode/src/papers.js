// What the palette's commands do.
'use strict';

const vscode = require('vscode');

function editor() {
  const active = vscode.window.activeTextEditor;
  if (!active) throw new Error('open the document that cites first');
  return active;
}

function tell(result) {
  const count = result.changed.length;
  if (result.errors.length > 0) {
    vscode.window.showErrorMessage(`Bibsmith: ${result.errors.join('; ')}`);
  } else {
    vscode.window.showInformationMessage(`Bibsmith: ${count} ${count === 1 ? 'entry' : 'entries'}`);
  }
}

// The keys as the language of the document cites them at a place; only the keys where a citation is open already.
function cited(keys, languageId, before) {
  if (languageId === 'bibtex' || /[{,@][^}\]]*$/.test(before)) return keys.join(',');
  if (languageId === 'latex' || languageId === 'tex') return `\\cite{${keys.join(',')}}`;
  if (languageId === 'typst') return keys.map((key) => `@${key}`).join(' ');
  if (languageId === 'org') return `[cite:${keys.map((key) => `@${key}`).join(';')}]`;
  return `[${keys.map((key) => `@${key}`).join('; ')}]`;
}

async function insert(active, keys) {
  const place = active.selection.active;
  const before = active.document.lineAt(place.line).text.slice(0, place.character);
  const text = cited(keys, active.document.languageId, before);
  await active.edit((edit) => edit.insert(place, text));
}

async function add(server, active, ids) {
  const result = await server.execute('bibsmith.fetch', { uri: active.document.uri.toString(), ids });
  tell(result);
  const keys = [...result.changed, ...result.skipped];
  if (keys.length > 0 && active.document.languageId !== 'bibtex') await insert(active, keys);
}

async function fetchMissing(server) {
  const { document } = editor();
  const end = document.lineAt(document.lineCount - 1).range.end;
  const actions = await server.request('textDocument/codeAction', {
    textDocument: { uri: document.uri.toString() },
    range: { start: { line: 0, character: 0 }, end: { line: end.line, character: end.character } },
    context: { diagnostics: [], only: ['source.fixAll.bibsmith'] },
  });
  if (document.languageId === 'bibtex' || !actions || actions.length === 0) {
    vscode.window.showInformationMessage('Bibsmith: no citation of this file can be fetched');
    return;
  }
  const { command } = actions[0];
  tell(await server.execute(command.command, command.arguments[0]));
}

async function addPaper(server) {
  const active = editor();
  const ids = await vscode.window.showInputBox({ prompt: 'arXiv ids, links or DOIs', placeHolder: '1706.03762' });
  if (ids && ids.trim()) await add(server, active, ids.trim().split(/[\s,]+/));
}

async function choosePaper(server, active, query) {
  const found = await server.execute('bibsmith.search', query);
  const items = found.results
    .filter((paper) => paper.arxiv_id)
    .map((paper) => ({
      label: paper.title,
      description: `${paper.authors.slice(0, 3).join(', ')}${paper.authors.length > 3 ? ' et al.' : ''} (${paper.published.slice(0, 4)})`,
      id: `arXiv:${paper.arxiv_id}`,
    }));
  if (items.length === 0) {
    vscode.window.showInformationMessage('Bibsmith: arXiv has nothing of that');
    return;
  }
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Add and cite', matchOnDescription: true });
  if (chosen) await add(server, active, [chosen.id]);
}

async function searchArxiv(server) {
  const active = editor();
  const words = await vscode.window.showInputBox({ prompt: 'Words of title, authors or abstract' });
  if (words && words.trim()) await choosePaper(server, active, { words });
}

async function papersOfAuthor(server) {
  const active = editor();
  const author = await vscode.window.showInputBox({ prompt: 'Name of the author' });
  if (author && author.trim()) await choosePaper(server, active, { author });
}

async function cite(server) {
  const active = editor();
  const symbols = await server.request('workspace/symbol', { query: '' });
  const items = (symbols || []).map((symbol) => ({ label: symbol.name, description: symbol.containerName }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Cite', matchOnDescription: true });
  if (chosen) await insert(active, [chosen.label]);
}

async function update(server) {
  const { document } = editor();
  if (document.languageId !== 'bibtex') throw new Error('open the bibliography that is to be updated');
  const preview = vscode.workspace.getConfiguration('bibsmith').get('preview', true);
  tell(await server.execute('bibsmith.updateFile', { uri: document.uri.toString(), preview }));
}

// Asks the sources whether there are the works that the bibliography names; what is wrong is shown in it.
async function verify(server) {
  const { document } = editor();
  if (document.languageId !== 'bibtex') throw new Error('open the bibliography that is to be verified');
  const result = await server.execute('bibsmith.verify', { uri: document.uri.toString() });
  const found = `Bibsmith: ${result.verified} verified, ${result.wrong_fields} with wrong fields, ` +
    `${result.could_not_verify} not found, ${result.does_not_exist} that do not exist`;
  if (result.errors.length > 0) vscode.window.showErrorMessage(`${found}; ${result.errors.join('; ')}`);
  else vscode.window.showInformationMessage(found);
}

// Middleware of the client: what a reference is accepted for as it is, its author says.
async function askReason(command, args, next) {
  if (command !== 'bibsmith.accept') return next(command, args);
  const prompt = `Why is ${args[0].key} right as it is? bibsmith.toml keeps the reason`;
  const reason = await vscode.window.showInputBox({ prompt });
  if (!reason || !reason.trim()) return undefined;
  return next(command, [{ ...args[0], reason: reason.trim() }]);
}

async function showStatus(server, peers) {
  const now = await server.execute('bibsmith.status', {});
  const beside = peers.length > 0 ? `, beside ${peers.join(', ')}` : '';
  vscode.window.showInformationMessage(`Bibsmith ${now.version}${now.offline ? ', offline' : ''}${beside}`);
}

module.exports = { addPaper, askReason, cite, cited, fetchMissing, papersOfAuthor, searchArxiv, showStatus, update, verify };
